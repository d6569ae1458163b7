import type { Clock } from '../../../clock.ts';
import type { SqliteDatabase } from '../sqlite-database.ts';

/** Is the shortest and the longest time between two looks at the file. */
const FIRST_LOOK_MS = 2;
const LONGEST_PAUSE_MS = 25;

/**
 * Tells those who wait for a change of durable state when there may be one. What this store changes it says itself; for
 * other processes the file's data version is looked at, for everybody who waits at once, with pauses that grow up to a bound.
 */
export class ChangeWatch {
  readonly #database: SqliteDatabase;
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  #seen = 0;
  #pauseMs = FIRST_LOOK_MS;
  #cancelLook: (() => void) | undefined;

  constructor(database: SqliteDatabase, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /**
   * Waits until something is so, or the signal is aborted. Never rejects because of the signal.
   *
   * @param leftMs tells how long it will not be so unless something changes; 0 says that it is
   */
  async until(signal: AbortSignal, leftMs: () => number): Promise<void> {
    while (!signal.aborted) {
      // Watching from before the look, so that nothing falls in between.
      const nap = this.#nap(signal);
      try {
        const left = leftMs();
        if (left <= 0) return;
        await nap.over(left);
      } finally {
        nap.end();
      }
    }
  }

  /** Tells everybody in this process that something has changed. */
  changed(): void {
    for (const wake of this.#waiting) wake();
  }

  #nap(signal: AbortSignal): { readonly over: (leftMs: number) => Promise<void>; readonly end: () => void } {
    const { promise, resolve } = Promise.withResolvers<void>();
    let cancel: (() => void) | undefined;
    const leave = (): void => resolve();
    this.#waiting.add(resolve);
    signal.addEventListener('abort', leave);
    if (this.#cancelLook === undefined) {
      this.#seen = this.#database.dataVersion();
      this.#pauseMs = FIRST_LOOK_MS;
      this.#scheduleLook();
    }
    return {
      over: (leftMs) => {
        if (leftMs < Infinity) cancel = this.#clock.after(leftMs, resolve, true);
        return promise;
      },
      end: () => {
        cancel?.();
        signal.removeEventListener('abort', leave);
        this.#waiting.delete(resolve);
      },
    };
  }

  #scheduleLook(): void {
    this.#cancelLook = this.#clock.after(this.#pauseMs, () => this.#look(), true);
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }

  #look(): void {
    this.#cancelLook = undefined;
    if (this.#waiting.size === 0) return;
    try {
      const version = this.#database.dataVersion();
      if (version === this.#seen) return this.#scheduleLook();
      this.#seen = version;
      this.#pauseMs = FIRST_LOOK_MS;
      this.#scheduleLook();
    } catch {
      // Whoever waits looks for himself, and meets the failure.
    }
    this.changed();
  }
}
