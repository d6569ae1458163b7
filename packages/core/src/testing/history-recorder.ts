import type { History, InvalidationRecord, ReadRecord } from './history-checker.ts';

/** Takes down what happens in a test, for `findStaleReads`. */
export class HistoryRecorder implements History {
  readonly reads: ReadRecord[] = [];
  readonly invalidations: InvalidationRecord[] = [];
  readonly #now: () => number;

  /**
   * @param now returns a time that never goes back. Default: counts the records, which tells before from after within one
   * process, even where both happen in the same millisecond.
   */
  constructor(now: () => number = counter()) {
    this.#now = now;
  }

  /** Runs a read and takes down which versions of which resources it saw; one that fails leaves no record. */
  async read<Result>(
    run: () => Result | Promise<Result>,
    versions: (result: Result) => Readonly<Record<string, number>>,
  ): Promise<Result> {
    const finish = this.startRead();
    const result = await run();
    for (const [resource, version] of Object.entries(versions(result))) finish(resource, version);
    return result;
  }

  /** Notes the start of a read; call what it returns with each resource and version that the read has returned. */
  startRead(): (resource: string, version: number) => void {
    const startedAt = this.#now();
    return (resource, version) => void this.reads.push([resource, version, startedAt]);
  }

  /** Notes that an invalidation has resolved, and the version that the data had when it was begun. */
  invalidated(resource: string, version: number): void {
    this.invalidations.push([resource, version, this.#now()]);
  }
}

function counter(): () => number {
  let count = 0;
  return () => (count += 1);
}
