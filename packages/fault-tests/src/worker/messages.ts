import type { SubjectCounts } from '../subjects/subject.ts';
import type { Target } from '../subjects/target.ts';

/** Says what a worker does. */
export interface WorkPlan {
  /** Leads to the module of the cache on trial. */
  readonly subject: string;
  readonly target: Target;
  /** Leads to the server that holds the data. */
  readonly sourceSocket: string;
  /** Is the moment that all times are counted from, on the monotonic clock of the machine, in nanoseconds. */
  readonly origin: bigint;
  readonly readers: number;
  readonly writers: number;
  /** Is how many reads a reader makes between two pauses. */
  readonly burst: number;
  readonly maxStalenessMs: number;
  readonly barrierMs: number;
  /** Is the share of writes in which the process dies after the data has changed. */
  readonly deathRate: number;
  readonly seed: number;
}

/** Counts what a worker has done. */
export interface WorkCounts extends SubjectCounts {
  readonly reads: number;
  readonly loads: number;
  /** Counts writes whose invalidation was acknowledged. */
  readonly invalidations: number;
  /** Counts writes whose invalidation was not. */
  readonly unacknowledged: number;
  /** Counts reads that threw, which no failure of a cache may cause. */
  readonly failures: number;
}

/** Tells a worker what to do. */
export type Order =
  | { readonly type: 'begin'; readonly plan: WorkPlan }
  | { readonly type: 'flush'; readonly id: number }
  | { readonly type: 'end' };

/**
 * Tells what a worker has seen. Records are flat: the place of the name, the version, and the time in milliseconds since
 * the origin, one after the other.
 */
export type Notice =
  | { readonly type: 'begun' }
  | {
      readonly type: 'batch';
      readonly reads: Float64Array;
      readonly invalidations: Float64Array;
      readonly counts: WorkCounts;
    }
  | { readonly type: 'flushed'; readonly id: number }
  /** Is the last of a process that kills itself: what it has changed, and when. */
  | { readonly type: 'dying'; readonly records: Float64Array }
  | { readonly type: 'problem'; readonly text: string }
  | { readonly type: 'ended' };
