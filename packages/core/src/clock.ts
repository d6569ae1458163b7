/**
 * Gives time and timers to everything that needs them, so that tests run on a clock of their own.
 *
 * Freshness never depends on it: time decides only when an entry expires and how long a barrier stands.
 */
export interface Clock {
  /** Returns milliseconds since the epoch. */
  now(): number;
  /**
   * Runs `callback` once after `delayMs` milliseconds; the returned function cancels it.
   *
   * @param keepAlive says that somebody waits for it: without it, the timer does not keep the process alive
   */
  after(delayMs: number, callback: () => void, keepAlive?: boolean): () => void;
}

/** Is the clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, callback, keepAlive = false) {
    const timer = setTimeout(callback, Math.min(Math.max(delayMs, 0), 2 ** 31 - 1));
    if (!keepAlive) timer.unref();
    return () => clearTimeout(timer);
  },
};
