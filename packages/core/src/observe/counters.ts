import type { Metrics } from '../metrics.ts';

/** Counts for one session, tool, resource or cache. Plain fields: a hit adds to several of these. */
export class Counters {
  hits = 0;
  misses = 0;
  invalidations = 0;
  loopDetections = 0;
  coalesced = 0;
  stale = 0;
  superseded = 0;
  bypassed = 0;
  errors = 0;
  upstreamCalls = 0;
  savedMs = 0;

  /** Returns the numbers of this moment. */
  read(): Metrics {
    const {
      hits,
      misses,
      invalidations,
      loopDetections,
      coalesced,
      stale,
      superseded,
      bypassed,
      errors,
      upstreamCalls,
    } = this;
    const answered = hits + coalesced + stale;
    const hitRate = answered + misses === 0 ? 0 : answered / (answered + misses);
    const savedMs = Math.round(this.savedMs);
    return {
      hits,
      misses,
      invalidations,
      loopDetections,
      hitRate,
      coalesced,
      stale,
      superseded,
      bypassed,
      errors,
      upstreamCalls,
      savedMs,
    };
  }
}

/** Names the numbers that are counted one by one. */
export type CounterName = Exclude<keyof Counters, 'savedMs' | 'read'>;

/** Counts for every cache of the process. */
export const globalCounters: Counters = new Counters();
