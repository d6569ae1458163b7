import assert from 'node:assert/strict';

import type { MaybePromise } from '../maybe-promise.ts';
import type { Store } from '../store/store.ts';
import type { ToolCache } from '../tool-cache.ts';
import { abortCases } from './adapter-cases/aborts.ts';
import { answerCases } from './adapter-cases/answers.ts';
import { concurrencyCases } from './adapter-cases/concurrency.ts';
import { errorCases } from './adapter-cases/errors.ts';
import { freshnessCases } from './adapter-cases/freshness.ts';
import { keyCases } from './adapter-cases/keys.ts';
import { loopCases } from './adapter-cases/loops.ts';
import { scopeCases } from './adapter-cases/scopes.ts';
import { storeFailureCases } from './adapter-cases/store-failures.ts';
import { streamingCases } from './adapter-cases/streaming.ts';
import type { AdapterCapability, AdapterCase, AdapterCaseGroup } from './adapter-case.ts';
import { AdapterClient } from './adapter-client.ts';
import type { AdapterConnection, AdapterTool, ControlFlow } from './adapter-port.ts';
import { conformanceSuite, type ConformanceSkip, type ConformanceSuite } from './conformance-suite.ts';
import { faultyStore } from './faulty-store.ts';

/** Lists what every adapter does, by concern. */
export const adapterCaseGroups: readonly AdapterCaseGroup[] = [
  { concern: 'answers', cases: answerCases },
  { concern: 'errors', cases: errorCases },
  { concern: 'keys', cases: keyCases },
  { concern: 'freshness', cases: freshnessCases },
  { concern: 'concurrency', cases: concurrencyCases },
  { concern: 'aborts', cases: abortCases },
  { concern: 'scopes', cases: scopeCases },
  { concern: 'loops', cases: loopCases },
  { concern: 'store failures', cases: storeFailureCases },
  { concern: 'streaming', cases: streamingCases },
];

/** Is what a test of an adapter brings along. */
export interface AdapterHarness {
  readonly name: string;
  /** Opens a store, for example `memoryStore`. */
  readonly createStore: () => Store;
  /** Creates a cache on a store: `createToolCache`. */
  readonly createCache: (options: { readonly store: Store }) => ToolCache;
  /** Turns tools into tools of the framework, puts them behind the adapter, and returns how a call reaches them. */
  connect(cache: ToolCache, tools: readonly AdapterTool[]): MaybePromise<AdapterConnection>;
  readonly capabilities?: readonly AdapterCapability[];
  /** Lists cases that the adapter does not pass. One that it does pass after all, and one that does not exist, fail the run. */
  readonly skip?: readonly ConformanceSkip[];
  /** Returns a result that says a tool has failed, for frameworks that can do `returned-errors`. */
  failure?(message: string): unknown;
  /** Lists what a tool may do to steer the framework, for those that can do `control-flow`. */
  readonly controlFlow?: readonly ControlFlow[];
}

/** Is the suite for one adapter. */
export type AdapterConformance = ConformanceSuite<AdapterCase>;

/**
 * Returns the conformance suite for an adapter: what makes a framework's tools cached tools. Every test has a cache of
 * its own.
 *
 * @param groups are the cases to run. Default: all there are
 */
export function describeAdapter(
  harness: AdapterHarness,
  groups: readonly AdapterCaseGroup[] = adapterCaseGroups,
): AdapterConformance {
  const { capabilities = [] } = harness;
  return conformanceSuite(
    harness,
    groups,
    (adapterCase) => runCase(harness, adapterCase),
    () => {
      const hasFailure = harness.failure !== undefined;
      assert.equal(capabilities.includes('returned-errors'), hasFailure, 'returned-errors goes with failure');
      const hasControlFlow = (harness.controlFlow ?? []).length > 0;
      assert.equal(capabilities.includes('control-flow'), hasControlFlow, 'control-flow goes with controlFlow');
    },
  );
}

async function runCase(harness: AdapterHarness, adapterCase: AdapterCase): Promise<void> {
  const store = faultyStore(harness.createStore());
  const cache = harness.createCache({ store });
  const { controlFlow = [] } = harness;
  try {
    await adapterCase.run({
      cache,
      store,
      controlFlow,
      connect: async (...tools) => new AdapterClient(await harness.connect(cache, tools)),
      failure: (message) => harness.failure?.(message),
    });
  } finally {
    store.heal();
    await cache.close();
    await store.close();
  }
}
