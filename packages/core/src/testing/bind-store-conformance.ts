import { bindConformance, type TestRunner } from './bind-conformance.ts';
import { describeStore, type StoreHarness } from './store-conformance.ts';

/** Makes tests of the conformance suite: `bindStoreConformance({ describe, it }, harness)` at the top of a test file. */
export function bindStoreConformance(runner: TestRunner, harness: StoreHarness): void {
  const { name, tests } = describeStore(harness);
  bindConformance(runner, `${name}: a store`, tests);
}
