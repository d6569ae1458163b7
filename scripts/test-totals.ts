import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { TEST_COUNT_FILE, type TestCount } from './test-count.ts';
import { repositoryRoot, workspacePackages } from './workspace.ts';

// Usage: node scripts/test-totals.ts [--root <folder>]
// Sums up the last test run of every package and of the gates, and prints 'N passed, N failed, N skipped'.
const { root } = parseArgs({ options: { root: { type: 'string', default: repositoryRoot } } }).values;

const tested = workspacePackages(root).filter(({ manifest }) => manifest.scripts?.['test'] !== undefined);
const total = ['scripts', ...tested.map(({ folder }) => folder)].map(countOf).reduce(add);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
if (total.failed > 0 || total.passed === 0) process.exitCode = 1;

/** Reads the count of one package; tests that left none have come to no end, and count as one failure. */
function countOf(folder: string): TestCount {
  const file = join(root, folder, TEST_COUNT_FILE);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as TestCount;
  console.error(`${folder} left no ${TEST_COUNT_FILE}: its tests did not end, or do not use vitest.shared.ts.`);
  return { passed: 0, failed: 1, skipped: 0 };
}

function add(left: TestCount, right: TestCount): TestCount {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skipped: left.skipped + right.skipped,
  };
}
