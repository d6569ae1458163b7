import type { Clock } from '../../clock.ts';
import type { EntryAddress, Lease } from '../../store/entry-store.ts';
import type { EntrySlot } from './key-layout.ts';

/** Is the right to load one entry, with the stamp that was taken when it was granted. */
export class ValkeyLease implements Lease {
  readonly id: string;
  readonly address: EntryAddress;
  readonly slot: EntrySlot;
  readonly epoch: string;
  readonly stamp: number;
  #cancel: (() => void) | undefined;

  constructor(id: string, address: EntryAddress, slot: EntrySlot, epoch: string, stamp: number) {
    this.id = id;
    this.address = address;
    this.slot = slot;
    this.epoch = epoch;
    this.stamp = stamp;
  }

  /**
   * Makes the lease last for as long as its holder lives, up to a limit: a load that hangs must not hold up others for ever.
   *
   * @param renew asks the server for more time, and tells whether it was granted
   */
  keep(clock: Clock, leaseMs: number, maxLoadMs: number, renew: () => Promise<boolean>): void {
    const granted = clock.now();
    const again = (): void => {
      // The last renewal must not reach beyond the limit.
      if (clock.now() + leaseMs / 3 + leaseMs - granted > maxLoadMs) return;
      this.#cancel = clock.after(leaseMs / 3, () => {
        renew().then(
          (isHeld) => isHeld && this.#cancel !== undefined && again(),
          () => this.#cancel !== undefined && again(),
        );
      });
    };
    again();
  }

  /** Lets the lease end: the load is over. */
  drop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
