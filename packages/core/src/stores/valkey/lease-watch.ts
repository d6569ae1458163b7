import type { Clock } from '../../clock.ts';
import type { EntrySlot } from './key-layout.ts';
import type { ValkeyConnection } from './valkey-connection.ts';

const FIRST_LOOK_MS = 4;
const LAST_LOOK_MS = 64;
/** Is how many may wait before all of them look less often: messages wake them anyway, and looking must not load the server. */
const CROWD = 128;

/**
 * Tells those who wait for a load in another process when it is over: by a message, or by looking now and then. Nobody waits
 * longer than the lease.
 */
export class LeaseWatch {
  readonly #connection: ValkeyConnection;
  readonly #clock: Clock;
  readonly #waits = new Map<string, Wait>();

  constructor(connection: ValkeyConnection, clock: Clock) {
    this.#connection = connection;
    this.#clock = clock;
  }

  /**
   * Waits for the end of a load.
   *
   * @param leftMs is the time that is left of its lease
   */
  settled(slot: EntrySlot, token: string, leftMs: number): Promise<void> {
    const known = this.#waits.get(token);
    if (known !== undefined) return known.promise;
    const { promise, resolve } = Promise.withResolvers<void>();
    const wait: Wait = { promise, resolve, cancel: () => undefined };
    this.#waits.set(token, wait);
    this.#look(slot, token, wait, FIRST_LOOK_MS, this.#clock.now() + leftMs);
    return promise;
  }

  /** Takes note that a load is over. */
  end(token: string): void {
    const wait = this.#waits.get(token);
    if (wait === undefined) return;
    this.#waits.delete(token);
    wait.cancel();
    wait.resolve();
  }

  /** Lets everybody go who waits. */
  close(): void {
    for (const token of this.#waits.keys()) this.end(token);
  }

  get #lastLookMs(): number {
    return LAST_LOOK_MS * Math.max(1, this.#waits.size / CROWD);
  }

  #look(slot: EntrySlot, token: string, wait: Wait, delayMs: number, deadline: number): void {
    // Never together with others who wait for the same: each waits a little more or less.
    const pause = Math.min(delayMs * (0.75 + Math.random() / 2), Math.max(deadline - this.#clock.now(), 1));
    wait.cancel = this.#clock.after(
      pause,
      () => {
        if (this.#clock.now() >= deadline) return this.end(token);
        void this.#connection
          .plain('look at a lease', (client) => client.get(slot.lease))
          .then(
            (text) => text?.startsWith(`${token} `) ?? false,
            () => false, // whoever waits asks again, and meets the same failure
          )
          .then((isHeld) => {
            if (!isHeld) this.end(token);
            else if (this.#waits.has(token))
              this.#look(slot, token, wait, Math.min(delayMs * 2, this.#lastLookMs), deadline);
          });
      },
      true,
    );
  }
}

interface Wait {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  cancel: () => void;
}
