import type { Clock } from '../../clock.ts';
import type { EntrySlot } from './key-layout.ts';

const FIRST_PAUSE_MS = 25;

/**
 * Gives leases back that nobody uses, again and again until the server has heard of it.
 *
 * A lease may have been granted although its reply was lost, or may outlive a load whose end the server has not heard of.
 * While it stands, others wait for a load that nobody runs.
 */
export class LeaseReturn {
  readonly #clock: Clock;
  readonly #leaseMs: number;
  readonly #release: (slot: EntrySlot, token: string) => Promise<void>;

  /** @param leaseMs is the time after which a lease ends by itself, and needs no return */
  constructor(clock: Clock, leaseMs: number, release: (slot: EntrySlot, token: string) => Promise<void>) {
    this.#clock = clock;
    this.#leaseMs = leaseMs;
    this.#release = release;
  }

  /** Gives a lease back; rejects when the first attempt fails, and goes on trying. */
  async giveBack(slot: EntrySlot, token: string): Promise<void> {
    const until = this.#clock.now() + this.#leaseMs;
    try {
      await this.#release(slot, token);
    } catch (error) {
      this.#later(slot, token, FIRST_PAUSE_MS, until);
      throw error;
    }
  }

  #later(slot: EntrySlot, token: string, pauseMs: number, until: number): void {
    if (this.#clock.now() + pauseMs >= until) return;
    this.#clock.after(pauseMs, () => {
      this.#release(slot, token).catch(() => this.#later(slot, token, pauseMs * 2, until));
    });
  }
}
