import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Reporter, TestModule, Vitest } from 'vitest/node';

/** Is how many tests of one package ended how. */
export interface TestCount {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Is where a package leaves its count, from its own folder. */
export const TEST_COUNT_FILE = 'test-results/count.json';

/** Leaves the count of a run beside the package, for whoever sums up the packages. */
export class TestCountReporter implements Reporter {
  #file = TEST_COUNT_FILE;

  onInit({ config }: Vitest): void {
    this.#file = join(config.root, TEST_COUNT_FILE);
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: errors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      // A file that does not load and a hook that throws count one each: no test of theirs may have run.
      count.failed += module.errors().length;
      for (const suite of module.children.allSuites()) count.failed += suite.errors().length;
      for (const test of module.children.allTests()) count[test.result().state] += 1;
    }
    const { passed, failed, skipped, pending } = count;
    const total: TestCount = { passed, failed, skipped: skipped + pending };
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(this.#file, `${JSON.stringify(total)}\n`);
  }
}
