import type { Clock } from '../clock.ts';
import { InvalidArgumentError } from '../errors.ts';

/** Is a clock that stands still until it is told to move. */
export interface ManualClock extends Clock {
  /**
   * Moves the time on and runs every timer that falls due on the way, in order, each at its own exact time.
   *
   * `now()` has moved when the call returns, as far as no timer was due. Awaited, it also lets everything settle that a
   * timer has set off before the next one runs, as a real event loop does. Calls that overlap add up.
   *
   * @throws InvalidArgumentError for anything but a finite number of at least 0
   */
  advance(ms: number): Promise<void>;
  /** Counts the timers that have neither run nor been cancelled. */
  pending(): number;
}

interface Timer {
  readonly dueAt: number;
  readonly callback: () => void;
}

/**
 * Creates a clock for tests: no test has to wait, and a moment can be met to the millisecond.
 *
 * @param start is the first time it shows, in milliseconds since the epoch
 */
export function manualClock(start = 0): ManualClock {
  const timers = new Set<Timer>();
  let now = start;
  let horizon = start;

  /** Finds the timer that is due first; of two for the same moment, the one that was set first. */
  function nextDue(until: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of timers) {
      if (timer.dueAt <= until && (next === undefined || timer.dueAt < next.dueAt)) next = timer;
    }
    return next;
  }

  return {
    now: () => now,
    after(delayMs, callback) {
      const timer: Timer = { dueAt: now + Math.max(0, delayMs), callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(ms) {
      if (!Number.isFinite(ms) || ms < 0) throw new InvalidArgumentError('ms', ms, 'a finite number of at least 0');
      horizon += ms;
      const target = horizon;
      for (let timer = nextDue(target); timer !== undefined; timer = nextDue(target)) {
        timers.delete(timer);
        now = Math.max(now, timer.dueAt);
        timer.callback();
        await settled();
      }
      now = Math.max(now, target);
      await settled();
    },
    pending: () => timers.size,
  };
}

/** Waits until no promise that can go on is left: one turn of the event loop, and no time. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
