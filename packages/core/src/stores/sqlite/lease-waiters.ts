import type { Clock } from '../../clock.ts';

/** Is the shortest and the longest time between two looks at a lease of another process. */
const FIRST_LOOK_MS = 2;
const LONGEST_PAUSE_MS = 50;

/**
 * Tells those who wait for a load when it is over. A load of this store says so itself; for one of another process the file
 * is looked at, again and again, with pauses that grow up to a bound, and never later than the end of the lease.
 */
export class LeaseWaiters {
  readonly #clock: Clock;
  readonly #deadlineOf: (token: string) => number | undefined;
  readonly #waiting = new Map<string, Waiter>();

  /** @param deadlineOf tells when a lease ends by itself; undefined when it is over */
  constructor(clock: Clock, deadlineOf: (token: string) => number | undefined) {
    this.#clock = clock;
    this.#deadlineOf = deadlineOf;
  }

  /** Returns a promise that resolves when the lease is over, one way or another. */
  wait(token: string): Promise<void> {
    const known = this.#waiting.get(token);
    if (known !== undefined) return known.over;
    const { promise: over, resolve: settle } = Promise.withResolvers<void>();
    const waiter: Waiter = { over, settle, pauseMs: FIRST_LOOK_MS, cancel: () => undefined };
    this.#waiting.set(token, waiter);
    this.#look(token, waiter);
    return over;
  }

  /** Tells everybody who waits for a lease that it is over. */
  settle(token: string): void {
    const waiter = this.#waiting.get(token);
    if (waiter === undefined) return;
    this.#waiting.delete(token);
    waiter.cancel();
    waiter.settle();
  }

  /** Tells everybody. */
  settleAll(): void {
    for (const token of this.#waiting.keys()) this.settle(token);
  }

  #look(token: string, waiter: Waiter): void {
    const remainingMs = this.#remaining(token);
    if (remainingMs <= 0) return this.settle(token);
    const pauseMs = Math.min(waiter.pauseMs, remainingMs);
    waiter.pauseMs = Math.min(waiter.pauseMs * 2, LONGEST_PAUSE_MS);
    waiter.cancel = this.#clock.after(pauseMs, () => this.#look(token, waiter), true);
  }

  /** A file that cannot be read ends the waiting: whoever asks again meets the failure, and goes on without the cache. */
  #remaining(token: string): number {
    try {
      return (this.#deadlineOf(token) ?? 0) - this.#clock.now();
    } catch {
      return 0;
    }
  }
}

interface Waiter {
  readonly over: Promise<void>;
  readonly settle: () => void;
  pauseMs: number;
  cancel: () => void;
}
