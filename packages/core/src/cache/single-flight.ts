import type { Blocker } from '../session/call-frame.ts';
import type { Execution } from '../tool-call.ts';

/** Is one running load and everybody who waits for it. */
export class Flight<Result> implements Blocker {
  readonly blockedOn: Blocker[] = [];
  // Made when somebody asks for the signal: most tools do not, and it takes as long as all the rest of a load.
  #controller: AbortController | undefined;
  readonly #onAbandoned: () => void;
  #landing: Promise<Result> | undefined;
  #waiting = 0;
  #abandoned: { readonly reason: unknown } | undefined;

  /** @param onAbandoned is called once nobody waits any more and the load is told to stop */
  constructor(onAbandoned: () => void) {
    this.#onAbandoned = onAbandoned;
  }

  /** Fires when nobody waits for the load any more. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#abandoned !== undefined) this.#controller.abort(this.#abandoned.reason);
    }
    return this.#controller.signal;
  }

  /** Tells whether nobody waits for the load any more. */
  get isAbandoned(): boolean {
    return this.#abandoned !== undefined;
  }

  /** Tells whether more than one caller has joined. */
  get isShared(): boolean {
    return this.#waiting > 1;
  }

  /** Starts the load. A failure that nobody waits for is not an unhandled rejection. */
  start(load: () => Promise<Result>): void {
    this.#landing = load();
    this.#landing.catch(ignore);
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
      this.#abandoned = { reason: signal?.reason };
      this.#controller?.abort(signal?.reason);
    });
  }
}

/** Shows a load to its tool. */
export class FlightExecution implements Execution {
  readonly #flight: Flight<unknown>;

  constructor(flight: Flight<unknown>) {
    this.#flight = flight;
  }

  get signal(): AbortSignal {
    return this.#flight.signal;
  }
}

function ignore(): void {}

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
