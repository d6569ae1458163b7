import type { KeepstepEvent, Metrics } from '@keepstep/core';

/** Is what is counted, under the names that the cache uses too. */
export type TallyTotals = Omit<Metrics, 'hitRate'>;

/** Counts events, as the cache counts what it does: the two must agree. */
export class Tally {
  readonly #totals: { -readonly [Name in keyof TallyTotals]: number } = {
    hits: 0,
    misses: 0,
    invalidations: 0,
    loopDetections: 0,
    coalesced: 0,
    stale: 0,
    superseded: 0,
    bypassed: 0,
    errors: 0,
    upstreamCalls: 0,
    savedMs: 0,
  };

  get totals(): TallyTotals {
    return { ...this.#totals };
  }

  note(event: KeepstepEvent): void {
    const totals = this.#totals;
    if (event.type === 'cache-hit') {
      totals.hits += 1;
      totals.savedMs += event.savedMs;
    } else if (event.type === 'tool-executed') {
      totals.upstreamCalls += 1;
      if (event.outcome === 'error') totals.errors += 1;
    } else if (event.type === 'cache-miss') {
      // A refresh behind the caller is no miss: the caller has had its answer.
      if (!event.background) totals.misses += 1;
    } else if (event.type === 'resources-invalidated') {
      // A barrier announces a write that is about to run; the write itself counts.
      if (event.cause !== 'barrier') totals.invalidations += 1;
    } else if (event.type === 'cache-stale') totals.stale += 1;
    else if (event.type === 'call-coalesced') totals.coalesced += 1;
    else if (event.type === 'call-bypassed') totals.bypassed += 1;
    else if (event.type === 'entry-superseded') totals.superseded += 1;
    else if (event.type === 'loop-detected') totals.loopDetections += 1;
  }
}
