/** Is what one replay of the recordings came to. */
export interface ReplayResult {
  /** Counts reads, those that failed included. */
  readonly reads: number;
  /** Counts reads answered from the cache. */
  readonly hits: number;
  /** Counts reads answered by joining a load that was already running. */
  readonly coalesced: number;
  /** Counts loads that were not stored because their data changed meanwhile. */
  readonly superseded: number;
  /** Counts reads that showed something older than they may. */
  readonly stale: number;
}
