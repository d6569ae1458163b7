import { describe, expect, it, vi } from 'vitest';

import { createToolCache, memoryStore } from '../src/index.ts';
import { faultyStore, manualClock, type FaultKind } from '../src/testing/index.ts';
import { eventLog } from './event-log.ts';
import { heldTool } from './held-tool.ts';
import { quiescence } from './quiescence.ts';

/** Sets up a cart over a store whose invalidations fail when the test says so. */
function givenCart() {
  const clock = manualClock();
  const log = eventLog();
  const store = faultyStore(memoryStore({ clock }));
  const cache = createToolCache({ store, clock, onEvent: log.listener });
  let items = 0;
  const fetchCart = vi.fn(async () => `${items} items`);
  const fetchPrice = vi.fn(async () => 10);
  const addItem = vi.fn(async () => (items += 1));
  return {
    clock,
    log,
    store,
    cache,
    fetchCart,
    fetchPrice,
    getCart: cache.read(fetchCart, { name: 'get_cart', resource: 'cart', scope: 'global', ttl: '1h' }),
    getPrice: cache.read(fetchPrice, { name: 'get_price', resource: 'price', scope: 'global', ttl: '1h' }),
    addToCart: cache.write(addItem, { name: 'add_to_cart', invalidates: 'cart', scope: 'global' }),
  };
}

describe.each(['throw', 'reject', 'lose-reply'] satisfies FaultKind[])(
  'an invalidation that the store refuses (%s)',
  (kind) => {
    it('keeps what depends on the data from being served until the store has taken note', async () => {
      const { clock, log, store, getCart, addToCart, fetchCart } = givenCart();
      await getCart();
      store.inject({ kind, operations: 'invalidate', times: 1 });
      await addToCart();
      expect([await getCart(), await getCart()]).toEqual(['1 items', '1 items']);
      expect(log.of('call-bypassed').map(({ reason }) => reason)).toEqual(['store-failed', 'store-failed']);
      await clock.advance(60_000);
      fetchCart.mockClear();
      expect([await getCart(), await getCart()]).toEqual(['1 items', '1 items']);
      expect(fetchCart).toHaveBeenCalledTimes(1);
    });

    it('is tried again until it succeeds', async () => {
      const { clock, store, getCart, addToCart, fetchCart } = givenCart();
      await getCart();
      const fault = store.inject({ kind, operations: 'invalidate' });
      await addToCart();
      await clock.advance(600_000);
      expect(fault.hits).toBeGreaterThan(3);
      expect(fault.hits).toBeLessThan(1_000);
      expect([await getCart(), await getCart()]).toEqual(['1 items', '1 items']);
      fault.stop();
      await clock.advance(60_000);
      fetchCart.mockClear();
      expect([await getCart(), await getCart()]).toEqual(['1 items', '1 items']);
      expect(fetchCart).toHaveBeenCalledTimes(1);
      expect(clock.pending()).toBeLessThanOrEqual(1); // the sweep of the store
    });

    it('leaves other data alone', async () => {
      const { store, getPrice, addToCart, fetchPrice } = givenCart();
      await getPrice();
      store.inject({ kind, operations: 'invalidate' });
      await addToCart();
      await getPrice();
      expect(fetchPrice).toHaveBeenCalledTimes(1);
    });

    it('keeps a load from before it out of the cache', async () => {
      const { clock, store, cache, addToCart } = givenCart();
      const fetch = heldTool<[], string>();
      const read = cache.read(fetch, { name: 'held', resource: 'cart', scope: 'global' });
      const early = read();
      const load = await fetch.call(0);
      store.inject({ kind, operations: 'invalidate', times: 1 });
      await addToCart();
      const late = read();
      (await fetch.call(1)).answer('new');
      expect(await late).toBe('new');
      load.answer('old');
      expect(await early).toBe('old');
      await clock.advance(60_000);
      const last = read();
      (await fetch.call(2)).answer('newest');
      expect(await last).toBe('newest');
    });

    it('keeps what was computed from the data from being served too', async () => {
      const { store, cache, getCart, addToCart } = givenCart();
      const summary = cache.read(async () => `summary of ${await getCart()}`, { name: 'summary', scope: 'global' });
      expect(await summary()).toBe('summary of 0 items');
      store.inject({ kind, operations: 'invalidate' });
      await addToCart();
      expect(await summary()).toBe('summary of 1 items');
    });

    it('by hand says so, so that it can be tried again', async () => {
      const { store, cache, getCart, fetchCart } = givenCart();
      await getCart();
      store.inject({ kind, operations: 'invalidate', times: 1 });
      await expect(cache.invalidate('cart')).rejects.toThrow('out of reach');
      await getCart();
      await cache.invalidate('cart');
      await quiescence();
      await getCart();
      expect(fetchCart).toHaveBeenCalledTimes(3);
    });

    it('in a session that has ended meanwhile is nobody’s business any more', async () => {
      const { clock, store, cache } = givenCart();
      const write = cache.write(async () => 'written', { name: 'write', invalidates: 'note' });
      const fetch = vi.fn(async () => 'note');
      const read = cache.read(fetch, { name: 'read', resource: 'note' });
      store.inject({ kind, operations: 'invalidate', times: 3 });
      await cache.session({ id: 'a' }, async () => {
        await read();
        await write();
      });
      await clock.advance(60_000);
      await cache.session({ id: 'a' }, async () => {
        await read();
        await read();
      });
      expect(fetch).toHaveBeenCalledTimes(2);
    });
  },
);
