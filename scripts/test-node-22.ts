import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './workspace.ts';

// Usage: node scripts/test-node-22.ts [<what vitest takes>]
// Runs the tests of the core on Node 22, the oldest that is supported; all others run on the Node of the repository.
// Left out is the stress of the protocol, which takes as long as all the rest and depends on no version.
const LEFT_OUT = ['test/freshness-stress*'];

const node = join(repositoryRoot, 'node_modules/node-22-linux-x64/bin/node');
const vitest = join(repositoryRoot, 'node_modules/vitest/vitest.mjs');

if (existsSync(node)) {
  const options = ['--reporter=dot', ...LEFT_OUT.flatMap((pattern) => ['--exclude', pattern])];
  const cwd = join(repositoryRoot, 'packages/core');
  const given = process.argv.slice(2);
  process.exitCode = spawnSync(node, [vitest, 'run', ...options, ...given], { cwd, stdio: 'inherit' }).status ?? 1;
} else {
  console.log('No tests on Node 22: it is brought along for Linux on x64 only.');
}
