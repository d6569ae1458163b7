import type { Item } from '../workload/source.ts';

interface Running {
  readonly items: readonly Item[];
  /** Says that something happened since it began that allows another load beside it. */
  isExcused: boolean;
}

/**
 * Finds loads that ran beside another one of the same call, in any process, though nothing was written meanwhile. To be
 * used where nothing fails: a leader that is cut off from the store may be replaced.
 */
export class FlightOracle {
  readonly #running = new Map<string, Set<Running>>();
  readonly #written = new Map<Item, number>();
  readonly #doubles: string[] = [];
  #loads = 0;

  /** Counts the loads. */
  get loads(): number {
    return this.#loads;
  }

  /** Lists the calls that were loaded twice at a time. */
  get doubles(): readonly string[] {
    return this.#doubles;
  }

  /** Notes that a load begins; what it returns is to be called when the load is over. */
  startLoad(call: string, items: readonly Item[]): () => void {
    this.#loads += 1;
    const running = this.#running.get(call) ?? new Set();
    this.#running.set(call, running);
    const isWritten = items.some((item) => (this.#written.get(item) ?? 0) > 0);
    if (!isWritten && [...running].some(({ isExcused }) => !isExcused)) this.#doubles.push(call);
    const load: Running = { items, isExcused: isWritten };
    running.add(load);
    return () => void running.delete(load);
  }

  /** Notes that a write of items begins; what it returns is to be called when it is over, invalidation included. */
  startWrite(items: readonly Item[]): () => void {
    for (const item of items) this.#written.set(item, (this.#written.get(item) ?? 0) + 1);
    this.#excuse(items);
    return () => {
      for (const item of items) this.#written.set(item, (this.#written.get(item) ?? 1) - 1);
      this.#excuse(items);
    };
  }

  #excuse(items: readonly Item[]): void {
    for (const loads of this.#running.values()) {
      for (const load of loads) if (load.items.some((item) => items.includes(item))) load.isExcused = true;
    }
  }
}
