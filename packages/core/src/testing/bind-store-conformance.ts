import { describeStore, type StoreHarness } from './store-conformance.ts';

/** Is what the suite needs of a test runner: the `describe` and `it` of vitest, `node:test`, Jest and others. */
export interface TestRunner {
  describe(name: string, define: () => void): unknown;
  it(name: string, run: () => Promise<void>): unknown;
}

/** Makes tests of the conformance suite: `bindStoreConformance({ describe, it }, harness)` at the top of a test file. */
export function bindStoreConformance({ describe, it }: TestRunner, harness: StoreHarness): void {
  const { name, tests } = describeStore(harness);
  describe(`${name}: a store`, () => {
    for (const concern of new Set(tests.map((test) => test.concern))) {
      describe(concern, () => {
        for (const test of tests) if (test.concern === concern) it(test.name, () => test.run());
      });
    }
  });
}
