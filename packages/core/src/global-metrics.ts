import type { Metrics } from './metrics.ts';
import { globalCounters } from './observe/counters.ts';

/** Counts what happened in all caches of this process since it started. */
export function globalMetrics(): Metrics {
  return globalCounters.read();
}
