import type { Item } from '../workload/source.ts';

/** Is how long a granted right may be on its way where nothing is slow. */
const UNDER_WAY_MS = 10;

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
  readonly #lastWritten = new Map<Item, number>();
  readonly #doubles: string[] = [];
  readonly #now: () => number;
  #loads = 0;

  /** @param now returns the time in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts the loads. */
  get loads(): number {
    return this.#loads;
  }

  /** Lists the calls that were loaded twice at a time. */
  get doubles(): readonly string[] {
    return this.#doubles;
  }

  /**
   * Notes that a load begins; what it returns is to be called when the load is over.
   *
   * @param isExcused allows other loads beside it in any case
   */
  startLoad(call: string, items: readonly Item[], isExcused = false): () => void {
    this.#loads += 1;
    const running = this.#running.get(call) ?? new Set();
    this.#running.set(call, running);
    const isFree = isExcused || items.some((item) => this.#isWritten(item));
    if (!isFree && [...running].some((other) => !other.isExcused)) this.#doubles.push(call);
    const load: Running = { items, isExcused: isFree };
    running.add(load);
    return () => void running.delete(load);
  }

  /** Notes that a write of items begins; what it returns is to be called when it is over, invalidation included. */
  startWrite(items: readonly Item[]): () => void {
    for (const item of items) this.#written.set(item, (this.#written.get(item) ?? 0) + 1);
    this.#excuse(items);
    return () => {
      for (const item of items) {
        this.#written.set(item, (this.#written.get(item) ?? 1) - 1);
        this.#lastWritten.set(item, this.#now());
      }
      this.#excuse(items);
    };
  }

  /** The right to load may have been granted before a write was over that is over now. */
  #isWritten(item: Item): boolean {
    return (
      (this.#written.get(item) ?? 0) > 0 || this.#now() - (this.#lastWritten.get(item) ?? -Infinity) < UNDER_WAY_MS
    );
  }

  #excuse(items: readonly Item[]): void {
    for (const loads of this.#running.values()) {
      for (const load of loads) if (load.items.some((item) => items.includes(item))) load.isExcused = true;
    }
  }
}
