/** Counts what happened, since the cache (or session, tool, resource) came to be. */
export interface Metrics {
  /** Counts reads answered from the cache. */
  readonly hits: number;
  /** Counts reads that ran the tool and offered its result to the cache. */
  readonly misses: number;
  /** Counts writes and calls of `invalidate`, each once however many entries they dropped. */
  readonly invalidations: number;
  /** Counts calls in which a loop was recognised, whatever was done about it. */
  readonly loopDetections: number;
  /** Is the share of cacheable reads that ran no tool of their own, from 0 to 1: hits, stale and coalesced of these and misses. */
  readonly hitRate: number;
  /** Counts reads answered by joining a load that was already running. */
  readonly coalesced: number;
  /** Counts reads answered past their ttl, by `staleWhileRevalidate` or `staleIfError`. */
  readonly stale: number;
  /** Counts results that were not stored because their data was invalidated while they were loaded. */
  readonly superseded: number;
  /** Counts reads that ran past the cache. */
  readonly bypassed: number;
  /** Counts executions of tools that failed. */
  readonly errors: number;
  /** Counts executions of tools: reads, writes and others. */
  readonly upstreamCalls: number;
  /** Sums the milliseconds that the loads behind the hits had taken. */
  readonly savedMs: number;
}
