import { createToolCache, type ToolCache } from '@keepstep/core';
import { valkeyStore } from '@keepstep/core/valkey';

import type { StockPath, Subject, SubjectOptions } from './subject.ts';
import type { Endpoint, Target } from './target.ts';

/** Matches the clocks of all partitions. */
export const CLOCK_KEYS = 'ks:{*}:t';

/** Is Keepstep on trial, through its public interface. */
export class KeepstepSubject implements Subject {
  readonly #cache: ToolCache;
  readonly #read: (shelf: string, item: string) => Promise<number>;
  readonly #write: (path: StockPath, change: () => Promise<void>) => Promise<void>;
  readonly #close: () => Promise<void>;
  /** Tells whether plain invalidations take turns with writes behind barriers. */
  readonly #invalidatesByHand: boolean;
  /** Counts invalidations that the store has not acknowledged. */
  #unacknowledged = 0;
  #writes = 0;

  /** @param hasBarriers says whether a write opens a barrier before it runs, which is the default where a store is shared */
  constructor({ target, load, maxStalenessMs, barrierMs, writersDie }: SubjectOptions, hasBarriers: boolean) {
    const store = valkeyStore({ url: urlOf(target) });
    const cache = createToolCache({
      store,
      namespace: 'stock',
      ttl: '1m',
      consistency: maxStalenessMs === 0 ? 'strict' : { maxStaleness: maxStalenessMs },
      onEvent: (event) => {
        if (event.type !== 'store-error') return;
        if (event.operation === 'closeBarrier' || event.operation === 'invalidate') this.#unacknowledged += 1;
      },
    });
    this.#cache = cache;
    this.#invalidatesByHand = !writersDie;
    this.#read = cache.read(load, {
      name: 'get_item',
      scope: 'global',
      resource: (shelf, item) => ['stock', shelf, item],
    });
    this.#write = cache.write((_: StockPath, change: () => Promise<void>) => change(), {
      name: 'change_stock',
      scope: 'global',
      invalidates: (path) => ['stock', ...path],
      barrier: hasBarriers ? { maxDuration: barrierMs } : false,
    });
    this.#close = async () => {
      await cache.close();
      await store.close();
    };
  }

  read(shelf: string, item: string): Promise<number> {
    return this.#read(shelf, item);
  }

  async write(path: StockPath, change: () => Promise<void>): Promise<boolean> {
    this.#writes += 1;
    const before = this.#unacknowledged;
    if (this.#invalidatesByHand && this.#writes % 2 === 0) {
      await change();
      // It rejects when the store does not acknowledge it.
      await this.#cache.invalidate(['stock', ...path]).catch(() => undefined);
    } else await this.#write(path, change);
    return this.#unacknowledged === before;
  }

  counts() {
    const { hits, coalesced, bypassed, superseded } = this.#cache.metrics();
    return { hits, coalesced, bypassed, superseded };
  }

  close(): Promise<void> {
    return this.#close();
  }
}

function urlOf(target: Target): string {
  if (target.kind === 'server') return `valkey://${addressOf(target)}`;
  if (target.kind === 'cluster') return `valkey-cluster://${target.nodes.map(addressOf).join(',')}`;
  return `valkey-sentinel://${target.sentinels.map(addressOf).join(',')}/${target.name}`;
}

function addressOf({ host, port }: Endpoint): string {
  return `${host}:${port}`;
}
