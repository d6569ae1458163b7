import type { WorkCounts } from '../worker/messages.ts';
import type { WorkerStaleRead } from './history-log.ts';

/** Is a fault that struck, in milliseconds since the start of the run. */
export interface Strike {
  readonly from: number;
  /** Is when it was mended. */
  readonly until: number;
  /** Is when the cache had answered reads again. */
  readonly recoveredAt: number;
}

/** Is what came of one cache under one fault. */
export interface RunReport {
  readonly fault: string;
  readonly subject: string;
  readonly seed: number;
  readonly seconds: number;
  readonly counts: WorkCounts;
  readonly strikes: readonly Strike[];
  /** Counts processes that have killed themselves. */
  readonly deaths: number;
  readonly staleReads: readonly WorkerStaleRead[];
  /** Says what else was wrong with the run; empty when it may be trusted. */
  readonly problems: readonly string[];
}

/** Is the longest time from the mending of a fault until the cache answered again, in milliseconds. */
export function slowestRecoveryMs({ strikes }: RunReport): number {
  return Math.max(0, ...strikes.map(({ until, recoveredAt }) => recoveredAt - until));
}
