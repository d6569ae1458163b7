import type { Stamp } from '../../freshness/tag-clock.ts';
import { nextId } from '../../id.ts';
import type { EntryAddress, Lease } from '../../store/entry-store.ts';

/** Is a lease, the stamp that was taken when it was granted, and the end of the load for those who wait for it. */
export class MemoryLease implements Lease {
  readonly id: string = nextId();
  readonly address: EntryAddress;
  readonly stamp: Stamp;
  #settled: PromiseWithResolvers<void> | undefined;
  #isSettled = false;

  constructor(address: EntryAddress, stamp: Stamp) {
    this.address = address;
    this.stamp = stamp;
  }

  /** Resolves when the load is over; made for the first who asks, as most loads have nobody who waits. */
  get settled(): Promise<void> {
    if (this.#isSettled) return Promise.resolve();
    return (this.#settled ??= Promise.withResolvers<void>()).promise;
  }

  settle(): void {
    this.#isSettled = true;
    this.#settled?.resolve();
  }
}
