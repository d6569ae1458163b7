import { randomUUID } from 'node:crypto';
import { createToolCache } from '@keepstep/core';

import { openStore } from '../sample/open-store.ts';
import { SimulatedClock } from '../time/simulated-clock.ts';
import { findReference, type ReferenceFigure } from './reference-figures.ts';
import { replayInFlight } from './replay-in-flight.ts';
import { replayInTurn } from './replay-in-turn.ts';
import type { ReplayResult } from './replay-result.ts';
import { declaredResource, RetailPolicies, type Invalidation } from './retail-policies.ts';
import type { RetailSession } from './retail-sessions.ts';

/** Is one replay of a study. */
export interface ReplayRow extends ReplayResult {
  /** Says whether calls take turns or overlap. */
  readonly mode: 'in turn' | 'in flight';
  readonly invalidation: Invalidation;
  readonly concurrency: number;
  readonly reference?: Pick<ReferenceFigure, 'hits' | 'stale'> | undefined;
}

/** Says how a study is to be made. */
export interface StudyOptions {
  /** Chooses the order of the calls. */
  readonly seed: number;
  /** Names the store, as `KEEPSTEP_STORE` does. */
  readonly storeUrl: string | undefined;
  /** Holds what is to be expected, for comparison. */
  readonly references?: readonly ReferenceFigure[];
}

/** Is what all replays of a study came to. */
export interface ReplayStudy {
  readonly seed: number;
  readonly sessions: number;
  readonly calls: number;
  readonly rows: readonly ReplayRow[];
  /** Tells whether no cached read was stale, and whether the control, which invalidates nothing, was caught. */
  readonly isFresh: boolean;
}

const MODES = { 'in turn': replayInTurn, 'in flight': replayInFlight } as const;
const INVALIDATIONS: readonly Invalidation[] = ['none', 'class', 'declared', 'entity'];
const CONCURRENCIES = [1, 8, 64];

/** Replays recordings with every invalidation, with 1, 8 and 64 sessions at a time, in turn and in flight. */
export async function studyReplays(
  sessions: readonly RetailSession[],
  { seed, storeUrl, references = [] }: StudyOptions,
): Promise<ReplayStudy> {
  checkDeclarations(sessions);
  const clock = new SimulatedClock();
  await using store = disposable(openStore(storeUrl, clock));
  const rows: ReplayRow[] = [];
  for (const mode of ['in turn', 'in flight'] as const) {
    for (const invalidation of INVALIDATIONS) {
      for (const concurrency of CONCURRENCIES) {
        await using cache = createToolCache({ store: store.value, namespace: `retail-${randomUUID()}`, clock });
        const policies = new RetailPolicies(invalidation);
        const result = await MODES[mode](sessions, { cache, policies, concurrency, seed });
        const reference =
          mode === 'in turn' ? findReference(references, { invalidation, concurrency, seed }) : undefined;
        rows.push({
          mode,
          invalidation,
          concurrency,
          ...result,
          ...(reference && { reference: { hits: reference.hits, stale: reference.stale } }),
        });
      }
    }
  }
  const calls = sessions.reduce((sum, each) => sum + each.calls.length, 0);
  return { seed, sessions: sessions.length, calls, rows, isFresh: rows.every(isAsPromised) };
}

/** Checks that the policies name exactly what the recording says each read depends on. */
function checkDeclarations(sessions: readonly RetailSession[]): void {
  for (const call of sessions.flatMap(({ calls }) => calls)) {
    if (call.kind !== 'read') continue;
    const [declared, recorded] = [JSON.stringify([declaredResource(call)]), JSON.stringify(call.reads)];
    if (declared !== recorded) throw new Error(`${call.tool} declares ${declared}, and has read ${recorded}.`);
  }
}

// A check that finds nothing where there is something to find proves nothing.
function isAsPromised({ invalidation, stale }: ReplayRow): boolean {
  return invalidation === 'none' ? stale > 0 : stale === 0;
}

function disposable<T extends { close(): Promise<void> }>(value: T): AsyncDisposable & { readonly value: T } {
  return { value, [Symbol.asyncDispose]: () => value.close() };
}
