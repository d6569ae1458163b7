import { createToolCache, type Store, type ToolCacheOptions } from '../src/index.ts';
import { valkeyStore, type ValkeyStoreOptions } from '../src/stores/valkey/index.ts';
import { eventLog } from './event-log.ts';

/** Opens a cache over a Valkey server, with one read tool and one write tool over data that can be looked at. */
export function openValkeyShop(options: ValkeyStoreOptions, cacheOptions: ToolCacheOptions = {}) {
  const log = eventLog();
  const store: Store = valkeyStore(options);
  const cache = createToolCache({ store, onEvent: log.listener, ...cacheOptions });
  const data = { items: 0, loads: 0 };
  const fetchCart = async (): Promise<string> => {
    data.loads += 1;
    return `${data.items} items`;
  };
  const addItem = async (): Promise<string> => {
    data.items += 1;
    return 'added';
  };
  return {
    log,
    store,
    cache,
    data,
    getCart: cache.read(fetchCart, { name: 'get_cart', resource: 'cart', scope: 'global' }),
    addToCart: cache.write(addItem, { name: 'add_to_cart', invalidates: 'cart', scope: 'global' }),
    /** Lists why calls ran past the cache since this was last asked, each reason once. */
    bypasses(): string[] {
      const reasons = log.of('call-bypassed').map(({ reason }) => reason);
      log.clear();
      return [...new Set(reasons)];
    },
    /** Lists what the store said that went wrong, each text once. */
    failures(): string[] {
      return [...new Set(log.of('store-error').map(({ error }) => (error as Error).message))];
    },
    async close(): Promise<void> {
      await cache.close();
      await store.close();
    },
  };
}

/** Calls a tool until it is a hit again, so that a test waits for recovery and for no longer. */
export async function untilHit(shop: ReturnType<typeof openValkeyShop>): Promise<void> {
  for (let turns = 0; turns < 1_000; turns += 1) {
    const before = shop.data.loads;
    await shop.getCart();
    if (shop.data.loads === before) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('There was no hit within a thousand calls.');
}
