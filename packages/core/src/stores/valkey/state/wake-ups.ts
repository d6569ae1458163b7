import type { Clock } from '../../../clock.ts';
import { Messages } from '../messages.ts';
import type { ValkeyConnection } from '../valkey-connection.ts';

const FIRST_LOOK_MS = 5;
const LAST_LOOK_MS = 250;

/** Tells those who wait for a log or a lock that something has changed: by a message, or by letting them look now and then. */
export class WakeUps {
  readonly #messages: Messages;
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Set<(isTold: boolean) => void>>();

  constructor(connection: ValkeyConnection, channel: string, clock: Clock) {
    this.#messages = new Messages(connection, [channel], (key) => this.#wake(key));
    this.#clock = clock;
  }

  /**
   * Waits until a condition holds, a message about it has come, or the signal is aborted. Never rejects because of the
   * signal. A message is taken at its word: whoever waits looks for himself anyway.
   *
   * @param key names what the condition is about
   * @param holds is asked at once, and now and then
   */
  async until(key: string, signal: AbortSignal, holds: () => Promise<boolean>): Promise<void> {
    this.#messages.open();
    for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 2, LAST_LOOK_MS)) {
      // Listening from before the look, so that nothing falls in between.
      const nap = this.#nap(key, signal, pauseMs);
      try {
        if (signal.aborted || (await holds())) return;
        if (await nap.over) return;
      } finally {
        nap.end();
      }
    }
  }

  close(): void {
    this.#messages.close();
    for (const key of this.#waiting.keys()) this.#wake(key);
  }

  /** Sleeps until a message comes, which `over` tells, or the time or the wait is over. */
  #nap(key: string, signal: AbortSignal, ms: number): { readonly over: Promise<boolean>; readonly end: () => void } {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const waiting = this.#waiting.get(key) ?? new Set();
    this.#waiting.set(key, waiting.add(resolve));
    const leave = (): void => resolve(false);
    signal.addEventListener('abort', leave);
    const cancel = this.#clock.after(ms, leave, true);
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', leave);
      waiting.delete(resolve);
      if (waiting.size === 0 && this.#waiting.get(key) === waiting) this.#waiting.delete(key);
    };
    return { over: promise, end };
  }

  #wake(key: string): void {
    for (const resolve of this.#waiting.get(key) ?? []) resolve(true);
  }
}
