import type { ConformanceTest } from './conformance-suite.ts';

/** Is what a suite needs of a test runner: the `describe` and `it` of vitest, `node:test`, Jest and others. */
export interface TestRunner {
  describe(name: string, define: () => void): unknown;
  it(name: string, run: () => Promise<void>): unknown;
}

/** Makes tests of a suite, by concern. */
export function bindConformance({ describe, it }: TestRunner, title: string, tests: readonly ConformanceTest[]): void {
  describe(title, () => {
    for (const concern of new Set(tests.map((test) => test.concern))) {
      describe(concern, () => {
        for (const test of tests) if (test.concern === concern) it(test.name, () => test.run());
      });
    }
  });
}
