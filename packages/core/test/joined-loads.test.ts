import { describe, expect, it } from 'vitest';

import { createToolCache, type ToolCacheOptions } from '../src/index.ts';
import { eventLog } from './event-log.ts';
import { heldTool } from './held-tool.ts';
import { quiescence } from './quiescence.ts';
import { watched } from './watched.ts';

const GLOBAL = { scope: 'global' } as const;

// Calls that nobody watches take a shorter way. It has to lead to the same place.
describe.each<[string, ToolCacheOptions]>([
  ['with nobody listening', {}],
  ['with a listener', { onEvent: () => undefined }],
])('reads that join a load, %s', (_, options) => {
  it('count once each, however they are answered', async () => {
    const cache = createToolCache(options);
    const fetchCart = heldTool<[], string>();
    const getCart = cache.read(fetchCart, { name: 'get_cart', ...GLOBAL, resultResource: () => 'cart' });
    const early = [getCart(), getCart()];
    const load = await fetchCart.call(0);
    await cache.invalidate('cart');
    // This one joins, finds the result too old, and loads.
    const late = getCart();
    await quiescence();
    load.answer('old');
    (await fetchCart.call(1)).answer('new');
    expect(await Promise.all([...early, late])).toEqual(['old', 'old', 'new']);
    const { hits, misses, coalesced } = cache.metrics();
    expect({ hits, misses, coalesced }).toEqual({ hits: 0, misses: 2, coalesced: 1 });
  });

  it('are not handed a load from before an invalidation', async () => {
    const cache = createToolCache(options);
    const fetchCart = heldTool<[string], string>();
    const getCart = cache.read(fetchCart, { name: 'get_cart', ...GLOBAL, resource: (user) => ['cart', user] });
    const early = [getCart('a'), getCart('a')];
    await quiescence();
    await cache.invalidate(['cart', 'a']);
    const late = [watched(getCart('a')), watched(getCart('a'))];
    (await fetchCart.call(0)).answer('old');
    await quiescence();
    expect(late.map(({ state }) => state)).toEqual(['pending', 'pending']);
    (await fetchCart.call(1)).answer('new');
    await quiescence();
    expect(await Promise.all(early)).toEqual(['old', 'old']);
    expect(late.map(({ value }) => value)).toEqual(['new', 'new']);
    expect(fetchCart.calls).toHaveLength(2);
  });

  it('fail with the very error of the tool', async () => {
    const cache = createToolCache(options);
    const fetchCart = heldTool<[], string>();
    const getCart = cache.read(fetchCart, { name: 'get_cart', ...GLOBAL });
    const reads = [getCart(), getCart(), getCart()];
    const failure = new Error('503');
    (await fetchCart.call(0)).fail(failure);
    for (const read of reads) await expect(read).rejects.toBe(failure);
    expect(cache.metrics()).toMatchObject({ misses: 1, coalesced: 2, errors: 1, upstreamCalls: 1 });
  });

  it('get copies of a result that is not worth storing', async () => {
    const cache = createToolCache(options);
    const fetchCart = heldTool<[], { total: number }>();
    const getCart = cache.read(fetchCart, { name: 'get_cart', ...GLOBAL, cacheIf: () => false });
    const reads = [getCart(), getCart(), getCart()];
    (await fetchCart.call(0)).answer({ total: 1 });
    const carts = await Promise.all(reads);
    expect(carts).toEqual([{ total: 1 }, { total: 1 }, { total: 1 }]);
    expect(new Set(carts).size).toBe(3);
  });

  it('do not see what the load has read in a session of its own', async () => {
    const cache = createToolCache(options);
    const secret = cache.read(async () => 'secret', { name: 'secret' });
    const hold = heldTool<[string], string>();
    const leak = cache.read(() => cache.session({ id: 'inner' }, async () => hold(await secret())), {
      name: 'leak',
      ...GLOBAL,
    });
    const reads = Array.from({ length: 5 }, () => leak());
    for (let place = 0; place < 5; place += 1) (await hold.call(place)).answer(`answer ${place}`);
    // Each has run the tool for itself, and side by side: none waits for more than one other.
    expect(new Set(await Promise.all(reads)).size).toBe(5);
    expect(cache.metrics()).toMatchObject({ hits: 0, entries: 0 });
  });

  it('share a load that depends on another read, although it is not stored', async () => {
    const cache = createToolCache(options);
    const getPrice = cache.read(async () => 10, { name: 'get_price', ...GLOBAL, resource: ['product', 'p1'] });
    const format = heldTool<[number], string>();
    const quote = cache.read(async () => format(await getPrice()), { name: 'quote', ...GLOBAL, cacheIf: () => false });
    const quotes = Array.from({ length: 10 }, () => quote());
    (await format.call(0)).answer('10 EUR');
    expect(new Set(await Promise.all(quotes))).toEqual(new Set(['10 EUR']));
    expect(format.calls).toHaveLength(1);
  });
});

describe('a cacheIf that returns a promise', () => {
  it('stores nothing, and an event says why', async () => {
    const log = eventLog();
    const cache = createToolCache({ onEvent: log.listener });
    // A promise is truthy: taken at its word, it would store everything.
    const cacheIf = (async () => Promise.reject(new Error('not worth it'))) as unknown as () => boolean;
    const read = cache.read(async () => 'value', { name: 'tool', ...GLOBAL, cacheIf });
    expect([await read(), await read()]).toEqual(['value', 'value']);
    expect(cache.metrics()).toMatchObject({ misses: 2, entries: 0 });
    expect(log.of('entry-rejected')[0]).toMatchObject({
      reason: 'policy-failed',
      detail: expect.stringContaining('promise'),
    });
  });
});
