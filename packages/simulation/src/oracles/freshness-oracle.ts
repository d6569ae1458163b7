import { findStaleReads, type InvalidationRecord, type ReadRecord, type StaleRead } from '@keepstep/core/testing';

import type { Item } from '../workload/source.ts';

/** Is how one process reads. */
interface Reader {
  readonly maxStalenessMs: number;
  readonly reads: ReadRecord[];
  /** Holds what only this process was promised. */
  readonly own: InvalidationRecord[];
}

/** Is a stale read, and who read. */
export interface StaleReadOf extends StaleRead {
  readonly process: string;
}

/**
 * Takes down what was read and what was promised, and finds the reads that broke a promise.
 *
 * Everybody is promised what the store has acknowledged, in bounded mode a while later. The process that has changed the
 * data is promised it in any case, and at once.
 */
export class FreshnessOracle {
  readonly #moment: () => number;
  readonly #readers = new Map<string, Reader>();
  readonly #promises: InvalidationRecord[] = [];
  #count = 0;

  /** @param moment returns a time that never goes back, in milliseconds */
  constructor(moment: () => number) {
    this.#moment = moment;
  }

  /** Counts the reads that were judged. */
  get reads(): number {
    return this.#count;
  }

  /** Counts the promises that everybody was given. */
  get promises(): number {
    return this.#promises.length;
  }

  /** Adds a process. */
  addReader(process: string, maxStalenessMs: number): void {
    this.#readers.set(process, { maxStalenessMs, reads: [], own: [] });
  }

  /** Notes that a read begins; what it returns is to be called with the versions that were read. */
  startRead(process: string): (versions: Readonly<Record<Item, number>>) => void {
    const startedAt = this.#moment();
    return (versions) => {
      this.#count += 1;
      for (const [item, version] of Object.entries(versions)) {
        this.#readers.get(process)?.reads.push([item, version, startedAt]);
      }
    };
  }

  /** Notes that every process was promised at least this version from now on. */
  promised(item: Item, version: number): void {
    this.#promises.push([item, version, this.#moment()]);
  }

  /** Notes that one process was promised at least this version from now on. */
  promisedTo(process: string, item: Item, version: number): void {
    this.#readers.get(process)?.own.push([item, version, this.#moment()]);
  }

  /** Finds the reads that returned less than was promised before they began. */
  check(): StaleReadOf[] {
    return [...this.#readers].flatMap(([process, { maxStalenessMs, reads, own }]) => {
      const stale = [
        ...findStaleReads({ reads, invalidations: this.#promises }, maxStalenessMs),
        ...findStaleReads({ reads, invalidations: own }),
      ];
      return stale.map((read) => Object.assign(read, { process }));
    });
  }
}
