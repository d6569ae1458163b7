import { describeAdapter, type AdapterHarness } from './adapter-conformance.ts';
import { bindConformance, type TestRunner } from './bind-conformance.ts';

/** Makes tests of the conformance suite: `bindAdapterConformance({ describe, it }, harness)` at the top of a test file. */
export function bindAdapterConformance(runner: TestRunner, harness: AdapterHarness): void {
  const { name, tests } = describeAdapter(harness);
  bindConformance(runner, `${name}: an adapter`, tests);
}
