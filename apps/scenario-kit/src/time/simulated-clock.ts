import type { Clock } from '@keepstep/core';

/** Is a timer, and whether somebody waits for it. */
interface Timer {
  readonly dueAt: number;
  readonly callback: () => void;
  readonly keepAlive: boolean;
}

/**
 * Is a clock whose time passes only while everybody waits: it then jumps to the next moment that somebody waits for.
 *
 * A run on it takes no time, and takes the same course whatever the machine is doing.
 */
export class SimulatedClock implements Clock {
  #now: number;
  #timers: Timer[] = [];
  #isTurning = false;
  #workers = 0;

  constructor(startAt: number = Date.UTC(2026, 0, 5, 9)) {
    this.#now = startAt;
  }

  // A property, because users of a clock pass it on without its object.
  readonly now = (): number => this.#now;

  after(delayMs: number, callback: () => void, keepAlive = false): () => void {
    const timer: Timer = { dueAt: this.#now + delayMs, callback, keepAlive };
    this.#timers.push(timer);
    this.#turn();
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  /**
   * Lets several work side by side, and waits for all of them. Time passes only while each of them waits for a moment, however
   * long what they do in between takes a framework.
   */
  async sideBySide<R>(works: readonly (() => Promise<R>)[]): Promise<R[]> {
    this.#workers += works.length;
    return Promise.all(
      works.map(async (work) => {
        try {
          return await work();
        } finally {
          this.#workers -= 1;
          this.#turn();
        }
      }),
    );
  }

  /** Goes on to the next timer once all promises that can settle have settled. */
  #turn(): void {
    // Timers that nobody waits for (a sweep in half an hour) must not make time fly.
    if (this.#isTurning || !this.#isAwaited()) return;
    this.#isTurning = true;
    setImmediate(() => {
      this.#isTurning = false;
      const next = this.#earliest();
      if (next !== undefined) {
        this.#timers = this.#timers.filter((each) => each !== next);
        this.#now = next.dueAt;
        next.callback();
      }
      this.#turn();
    });
  }

  #earliest(): Timer | undefined {
    // Of two timers for the same moment, the older one comes first.
    return this.#isAwaited() ? this.#timers.reduce((one, other) => (other.dueAt < one.dueAt ? other : one)) : undefined;
  }

  #isAwaited(): boolean {
    return this.#timers.filter(({ keepAlive }) => keepAlive).length >= Math.max(1, this.#workers);
  }
}
