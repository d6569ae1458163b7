import assert from 'node:assert/strict';

import type { MaybePromise } from '../maybe-promise.ts';
import type { Store } from '../store/store.ts';
import { barrierCases } from './cases/barriers.ts';
import { checkpointBranchCases } from './cases/checkpoint-branches.ts';
import { checkpointListCases } from './cases/checkpoint-lists.ts';
import { checkpointCases } from './cases/checkpoints.ts';
import { checkpointPruningCases } from './cases/checkpoint-pruning.ts';
import { checkpointTermsCases } from './cases/checkpoint-terms.ts';
import { checkpointThreadCases } from './cases/checkpoint-threads.ts';
import { concurrencyCases } from './cases/concurrency.ts';
import { documentCases } from './cases/documents.ts';
import { documentHistoryCases } from './cases/document-histories.ts';
import { documentSpaceCases } from './cases/document-spaces.ts';
import { freshnessCases } from './cases/freshness.ts';
import { inspectionCases } from './cases/inspection.ts';
import { keyCases } from './cases/keys.ts';
import { leaseCases } from './cases/leases.ts';
import { lifecycleCases } from './cases/lifecycle.ts';
import { lockCases } from './cases/locks.ts';
import { logCases } from './cases/logs.ts';
import { namespaceCases } from './cases/namespaces.ts';
import { refreshCases } from './cases/refresh.ts';
import { resourceCases } from './cases/resources.ts';
import { roundTripCases } from './cases/round-trip.ts';
import { runCases } from './cases/runs.ts';
import { sessionCases } from './cases/sessions.ts';
import { sessionReopeningCases } from './cases/session-reopening.ts';
import { statsCases } from './cases/stats.ts';
import { supersedingCases } from './cases/superseding.ts';
import { ttlCases } from './cases/ttl.ts';
import { CheckpointClient } from './checkpoint-client.ts';
import { conformanceSuite, type ConformanceSkip, type ConformanceSuite } from './conformance-suite.ts';
import type { ForeignData, StoreCapability, StoreCase, StoreCaseContext, StoreCaseGroup } from './store-case.ts';
import { StateClient } from './state-client.ts';
import { StoreClient } from './store-client.ts';

/** Lists what every store does, by concern. */
export const storeCaseGroups: readonly StoreCaseGroup[] = [
  { concern: 'round trip', cases: roundTripCases },
  { concern: 'keys', cases: keyCases },
  { concern: 'ttl', cases: ttlCases },
  { concern: 'freshness', cases: freshnessCases },
  { concern: 'resources', cases: resourceCases },
  { concern: 'leases', cases: leaseCases },
  { concern: 'superseding', cases: supersedingCases },
  { concern: 'refresh', cases: refreshCases },
  { concern: 'barriers', cases: barrierCases },
  { concern: 'sessions', cases: sessionCases },
  { concern: 'reopened sessions', cases: sessionReopeningCases },
  { concern: 'namespaces', cases: namespaceCases },
  { concern: 'inspection', cases: inspectionCases },
  { concern: 'stats', cases: statsCases },
  { concern: 'concurrency', cases: concurrencyCases },
  { concern: 'lifecycle', cases: lifecycleCases },
  { concern: 'documents', cases: documentCases },
  { concern: 'spaces of documents', cases: documentSpaceCases },
  { concern: 'histories of documents', cases: documentHistoryCases },
  { concern: 'logs', cases: logCases },
  { concern: 'locks', cases: lockCases },
  { concern: 'runs', cases: runCases },
  { concern: 'checkpoints', cases: checkpointCases },
  { concern: 'branches of checkpoints', cases: checkpointBranchCases },
  { concern: 'lists of checkpoints', cases: checkpointListCases },
  { concern: 'threads of checkpoints', cases: checkpointThreadCases },
  { concern: 'pruning of checkpoints', cases: checkpointPruningCases },
  { concern: 'terms of threads', cases: checkpointTermsCases },
];

/** Is what a test of a store brings along. */
export interface StoreHarness {
  readonly name: string;
  /** Opens two clients of the same data, which nobody else has touched. */
  create(): MaybePromise<StorePair>;
  /** Tidies up after a case; both stores have been closed. */
  destroy?(pair: StorePair): MaybePromise<void>;
  /** Lets time pass: moves the store's clock, or waits. */
  advance(ms: number): MaybePromise<void>;
  readonly capabilities?: readonly StoreCapability[];
  /** Lists cases that the store does not pass. One that it does pass after all, and one that does not exist, fail the run. */
  readonly skip?: readonly StoreSkip[];
  /** Is the time after which a lease ends by itself, for stores that can do `lease-expiry`. */
  readonly leaseMs?: number;
  /** Plants data of somebody else in the backend of a pair, for stores that can do `foreign`. */
  foreign?(pair: StorePair): ForeignData;
}

/** Holds two clients of the same data: two connections or two open files; the same object where there is no more than one. */
export interface StorePair {
  readonly a: Store;
  readonly b: Store;
}

/** Says which case a store does not pass, and why that is right. */
export type StoreSkip = ConformanceSkip;

/** Is the suite for one store. */
export type StoreConformance = ConformanceSuite<StoreCase>;

/**
 * Returns the conformance suite for a store: what makes it a store of Keepstep. Every test opens its own data.
 *
 * @param groups are the cases to run. Default: all there are
 */
export function describeStore(
  harness: StoreHarness,
  groups: readonly StoreCaseGroup[] = storeCaseGroups,
): StoreConformance {
  const { capabilities = [] } = harness;
  return conformanceSuite(
    harness,
    groups,
    (storeCase) => runCase(harness, storeCase),
    () => {
      const hasLease = harness.leaseMs !== undefined;
      assert.equal(capabilities.includes('lease-expiry'), hasLease, 'lease-expiry goes with leaseMs');
      const hasForeign = harness.foreign !== undefined;
      assert.equal(capabilities.includes('foreign'), hasForeign, 'foreign goes with the hook of that name');
    },
  );
}

async function runCase(harness: StoreHarness, storeCase: StoreCase): Promise<void> {
  const pair = await harness.create();
  try {
    await storeCase.run(await contextOf(harness, pair));
  } finally {
    await pair.a.close();
    await pair.b.close();
    await harness.destroy?.(pair);
  }
}

async function contextOf(harness: StoreHarness, pair: StorePair): Promise<StoreCaseContext> {
  const { leaseMs = NaN, foreign, capabilities = [] } = harness;
  function open(namespace: string): readonly [StoreClient, StoreClient] {
    const [a, b] = [pair.a, pair.b].map((store) => new StoreClient(store.entries(namespace, { maxStalenessMs: 0 })));
    return [a as StoreClient, b as StoreClient];
  }
  async function openState(namespace: string): Promise<readonly [StateClient, StateClient]> {
    const opened = [pair.a, pair.b].map(async (store) => {
      if (store.state === undefined) assert.fail(`the store keeps no state: ${store.name}`);
      return new StateClient(await store.state(namespace));
    });
    return (await Promise.all(opened)) as [StateClient, StateClient];
  }
  async function openCheckpoints(namespace: string): Promise<readonly [CheckpointClient, CheckpointClient]> {
    const opened = [pair.a, pair.b].map(async (store) => {
      if (store.checkpoints === undefined) assert.fail(`the store keeps no checkpoints: ${store.name}`);
      return new CheckpointClient(await store.checkpoints(namespace));
    });
    return (await Promise.all(opened)) as [CheckpointClient, CheckpointClient];
  }
  const both = open('conformance');
  const none = [] as unknown as StoreCaseContext['state'] & StoreCaseContext['checkpoints'];
  return {
    a: both[0],
    b: both[1],
    both,
    open,
    state: capabilities.includes('state') ? await openState('conformance') : none,
    openState,
    checkpoints: capabilities.includes('checkpoints') ? await openCheckpoints('conformance') : none,
    openCheckpoints,
    advance: async (ms) => harness.advance(ms),
    close: (client) => pair[client].close(),
    leaseMs,
    foreign: foreign?.(pair) ?? NOBODY_ELSE,
  };
}

const NOBODY_ELSE: ForeignData = { write: async () => undefined, intact: async () => true };
