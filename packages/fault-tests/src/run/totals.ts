import type { WorkCounts } from '../worker/messages.ts';

const NONE: WorkCounts = {
  reads: 0,
  loads: 0,
  invalidations: 0,
  unacknowledged: 0,
  failures: 0,
  hits: 0,
  coalesced: 0,
  bypassed: 0,
  superseded: 0,
};

/** Adds up what the workers have done; each tells its own sums, and starts anew when it is replaced. */
export class Totals {
  readonly #byWorker = new Map<object, WorkCounts>();

  /** Notes the sums of one worker. */
  set(worker: object, counts: WorkCounts): void {
    this.#byWorker.set(worker, counts);
  }

  /** Returns the sums of all. */
  sum(): WorkCounts {
    const sum: Record<keyof WorkCounts, number> = { ...NONE };
    for (const counts of this.#byWorker.values()) {
      for (const name of Object.keys(NONE) as (keyof WorkCounts)[]) sum[name] += counts[name];
    }
    return sum;
  }
}
