import { findStaleReads, type InvalidationRecord, type ReadRecord, type StaleRead } from '@keepstep/core/testing';

import { NAMES } from '../worker/stock.ts';

/** Is a stale read, and who made it. */
export interface WorkerStaleRead extends StaleRead {
  readonly worker: number;
}

const FIELDS = 3;
/** Bounds how many records are unfolded at a time. */
const SLICE = 100_000 * FIELDS;

/** Keeps the records of all workers, folded as they came, and finds the stale reads among them. */
export class HistoryLog {
  readonly #reads: { readonly worker: number; readonly maxStalenessMs: number; readonly records: Float64Array }[] = [];
  readonly #invalidations: InvalidationRecord[] = [];

  /** @param maxStalenessMs is the time for which this worker was allowed to see an older version */
  addReads(worker: number, maxStalenessMs: number, records: Float64Array): void {
    if (records.length > 0) this.#reads.push({ worker, maxStalenessMs, records });
  }

  /** @param laterMs is added to the times: what was changed by a writer that died is promised when its barrier is over */
  addInvalidations(records: Float64Array, laterMs = 0): void {
    for (const [name, version, at] of unfold(records)) this.#invalidations.push([name, version, at + laterMs]);
  }

  /** Returns the reads that returned less than was promised before they started, in the order of their start. */
  staleReads(): WorkerStaleRead[] {
    const invalidations = this.#invalidations;
    const byReader = Map.groupBy(this.#reads, ({ worker, maxStalenessMs }) => `${worker} ${maxStalenessMs}`);
    const stale = [...byReader.values()].flatMap((batches) => {
      const [{ worker, maxStalenessMs }] = batches as [(typeof batches)[0]];
      return slicesOf(batches.map(({ records }) => records)).flatMap((records) =>
        findStaleReads({ reads: unfold(records), invalidations }, maxStalenessMs).map((read) =>
          Object.assign(read, { worker }),
        ),
      );
    });
    return stale.sort((one, other) => one.startedAt - other.startedAt);
  }
}

/** Joins batches to slices that are worth a search each. */
function slicesOf(batches: readonly Float64Array[]): Float64Array[] {
  const slices: Float64Array[] = [];
  let waiting: Float64Array[] = [];
  let length = 0;
  for (const [index, batch] of batches.entries()) {
    waiting.push(batch);
    length += batch.length;
    if (length < SLICE && index < batches.length - 1) continue;
    const slice = new Float64Array(length);
    let at = 0;
    for (const each of waiting) {
      slice.set(each, at);
      at += each.length;
    }
    slices.push(slice);
    waiting = [];
    length = 0;
  }
  return slices;
}

function unfold(records: Float64Array): ReadRecord[] {
  return Array.from({ length: records.length / FIELDS }, (_, index) => {
    const [name, version, at] = records.subarray(index * FIELDS) as unknown as [number, number, number];
    return [NAMES[name] as string, version, at];
  });
}
