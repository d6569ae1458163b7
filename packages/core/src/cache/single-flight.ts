import type { Blocker } from '../session/call-frame.ts';

/** Is one running load and everybody who waits for it. */
export class Flight<Result> implements Blocker {
  readonly blockedOn: Blocker[] = [];
  readonly #controller = new AbortController();
  readonly #onAbandoned: () => void;
  #landing: Promise<Result> | undefined;
  #waiting = 0;

  /** @param onAbandoned is called once nobody waits any more and the load is told to stop */
  constructor(onAbandoned: () => void) {
    this.#onAbandoned = onAbandoned;
  }

  /** Fires when nobody waits for the load any more. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Starts the load. A failure that nobody waits for is not an unhandled rejection. */
  start(load: () => Promise<Result>): void {
    this.#landing = load();
    this.#landing.catch(() => undefined);
  }

  /**
   * Waits for the load.
   *
   * The signal ends the wait of this caller alone; the load goes on for the others, and is told to stop when the last
   * of them has left.
   */
  join(signal: AbortSignal | undefined): Promise<Result> {
    this.#waiting += 1;
    return abortable(this.#landing as Promise<Result>, signal, () => {
      this.#waiting -= 1;
      if (this.#waiting > 0) return;
      this.#onAbandoned();
      this.#controller.abort(signal?.reason);
    });
  }
}

/** Never fires: the signal of a load that nobody can abort. */
export const NEVER: AbortSignal = new AbortController().signal;

/** Waits for a promise until the signal fires; then it rejects with the signal's reason, and the promise goes on alone. */
export function abortable<R>(promise: Promise<R>, signal: AbortSignal | undefined, onAbort?: () => void): Promise<R> {
  if (signal === undefined) return promise;
  return new Promise<R>((resolve, reject) => {
    const leave = (): void => {
      reject(signal.reason);
      onAbort?.();
    };
    if (signal.aborted) return leave();
    signal.addEventListener('abort', leave, { once: true });
    void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

/**
 * Tells whether waiting for `target` would wait in a circle: two loads that run side by side, each of which needs the
 * other, would stand still for ever.
 */
export function wouldDeadlock(target: Blocker, waiting: Blocker | undefined, seen: Set<Blocker> = new Set()): boolean {
  if (target === waiting) return true;
  if (waiting === undefined || seen.has(target)) return false;
  seen.add(target);
  for (const next of target.blockedOn) if (wouldDeadlock(next, waiting, seen)) return true;
  return false;
}
