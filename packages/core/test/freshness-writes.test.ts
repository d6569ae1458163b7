import { describe, expect, it, vi } from 'vitest';

import { createToolCache } from '../src/index.ts';
import { manualClock } from '../src/testing/index.ts';
import { eventLog } from './event-log.ts';
import { heldTool } from './held-tool.ts';
import { quiescence } from './quiescence.ts';
import { watched } from './watched.ts';

const GLOBAL_CART = { resource: 'cart', scope: 'global' } as const;

describe('a write that throws', () => {
  it('invalidates all the same and rejects with the very error', async () => {
    const log = eventLog();
    const cache = createToolCache({ onEvent: log.listener });
    const fetchCart = vi.fn(async () => 'cart');
    const getCart = cache.read(fetchCart, { name: 'get_cart', ...GLOBAL_CART });
    const failure = { reason: 'not even an Error' };
    const addToCart = cache.write(() => Promise.reject(failure), {
      name: 'add_to_cart',
      invalidates: 'cart',
      scope: 'global',
    });
    await getCart();
    expect(await addToCart().catch((error: unknown) => error)).toBe(failure);
    await getCart();
    expect(fetchCart).toHaveBeenCalledTimes(2);
    expect(log.of('resources-invalidated')).toMatchObject([{ cause: 'write', toolName: 'add_to_cart' }]);
    expect(log.of('tool-executed').at(1)).toMatchObject({ kind: 'write', outcome: 'error', error: failure });
    expect(addToCart.metrics()).toMatchObject({ errors: 1, invalidations: 1, upstreamCalls: 1 });
  });

  it('does so when it throws before its first await', async () => {
    const cache = createToolCache();
    const fetchCart = vi.fn(async () => 'cart');
    const getCart = cache.read(fetchCart, { name: 'get_cart', ...GLOBAL_CART });
    const failure = new Error('at once');
    const addToCart = cache.write(
      (): string => {
        throw failure;
      },
      { name: 'add_to_cart', invalidates: 'cart', scope: 'global' },
    );
    await getCart();
    await expect(addToCart()).rejects.toBe(failure);
    await getCart();
    expect(fetchCart).toHaveBeenCalledTimes(2);
  });
});

describe('a write whose caller gives up', () => {
  it('is told so, and invalidates once it has settled', async () => {
    const cache = createToolCache();
    const fetchCart = vi.fn(async () => 'cart');
    const getCart = cache.read(fetchCart, { name: 'get_cart', ...GLOBAL_CART });
    const controller = new AbortController();
    const { promise, reject } = Promise.withResolvers<string>();
    const call = { toolName: 'add_to_cart', args: [], signal: controller.signal };
    const writing = watched(
      cache.call(call, { kind: 'write', scope: 'global', invalidates: 'cart' }, async ({ signal }) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        return promise;
      }),
    );
    await quiescence();
    await getCart();
    const reason = new Error('the user pressed stop');
    controller.abort(reason);
    await quiescence();
    expect(writing).toMatchObject({ state: 'rejected', error: reason });
    await getCart();
    expect(fetchCart).toHaveBeenCalledTimes(2);
  });
});

describe('a write that changes nothing', () => {
  it('invalidates nothing', async () => {
    const cache = createToolCache();
    const fetchCart = vi.fn(async () => 'cart');
    const getCart = cache.read(fetchCart, { name: 'get_cart', ...GLOBAL_CART });
    const search = cache.write(async (_items: string[]) => 'nothing to do', {
      name: 'add_all',
      scope: 'global',
      invalidates: (items) => items.map((item) => ['cart', item]),
    });
    await getCart();
    await search([]);
    await getCart();
    expect(fetchCart).toHaveBeenCalledTimes(1);
    await search(['laptop']);
    await getCart();
    expect(fetchCart).toHaveBeenCalledTimes(2);
  });
});

describe('a write that cannot tell what it changes', () => {
  it('invalidates the whole tree and says so', async () => {
    const log = eventLog();
    const cache = createToolCache({ onEvent: log.listener });
    const fetchCart = vi.fn(async () => 'cart');
    const fetchRate = vi.fn(async () => 'rate');
    const getCart = cache.read(fetchCart, { name: 'get_cart', ...GLOBAL_CART });
    const getRate = cache.read(fetchRate, { name: 'get_rate', scope: 'global' });
    const change = cache.write(async () => 'changed', {
      name: 'change',
      scope: 'global',
      invalidates: () => {
        throw new Error('which one?');
      },
    });
    await getCart();
    await getRate();
    log.clear();
    expect(await change()).toBe('changed');
    expect(log.of('call-bypassed')).toMatchObject([{ reason: 'resource-failed', detail: /which one/ }].map(detailText));
    expect(log.of('resources-invalidated')).toMatchObject([{ cause: 'write', scope: 'global', resources: [[]] }]);
    await getCart();
    await getRate();
    expect([fetchCart, fetchRate].map((fetch) => fetch.mock.calls.length)).toEqual([2, 2]);
  });

  it('does so as well when it answers with a promise', async () => {
    const cache = createToolCache();
    const fetchCart = vi.fn(async () => 'cart');
    const getCart = cache.read(fetchCart, { name: 'get_cart', ...GLOBAL_CART });
    const change = cache.write(async () => 'changed', {
      name: 'change',
      scope: 'global',
      invalidates: (async () => 'cart') as never,
    });
    await getCart();
    await change();
    await getCart();
    expect(fetchCart).toHaveBeenCalledTimes(2);
  });

  it('leaves the trees of other sessions alone', async () => {
    const cache = createToolCache();
    const fetchNote = vi.fn(async () => 'note');
    const getNote = cache.read(fetchNote, { name: 'get_note', resource: 'note' });
    const change = cache.write(async () => 'changed', { name: 'change', invalidates: () => 5 as never });
    const a = cache.openSession({ id: 'a' });
    const b = cache.openSession({ id: 'b' });
    await a.run(() => getNote());
    await b.run(() => getNote());
    await a.run(() => change());
    await a.run(() => getNote());
    await b.run(() => getNote());
    expect(fetchNote).toHaveBeenCalledTimes(3);
  });
});

function detailText(event: { readonly detail: RegExp }): object {
  return { ...event, detail: expect.stringMatching(event.detail) as string };
}

describe('a write with a barrier', () => {
  function givenBarrier() {
    const clock = manualClock(1_000_000);
    const log = eventLog();
    const cache = createToolCache({ clock, onEvent: log.listener });
    const fetchCart = vi.fn(async () => `cart ${fetchCart.mock.calls.length}`);
    const addItem = heldTool<[], string>();
    return {
      cache,
      clock,
      log,
      fetchCart,
      addItem,
      getCart: cache.read(fetchCart, { name: 'get_cart', ...GLOBAL_CART, ttl: '1h' }),
      addToCart: cache.write(addItem, {
        name: 'add_to_cart',
        invalidates: 'cart',
        scope: 'global',
        barrier: { maxDuration: '30s' },
      }),
    };
  }

  it('lets reads run while it is on, and neither serves nor stores their results', async () => {
    const { cache, log, getCart, addToCart, addItem } = givenBarrier();
    expect(await getCart()).toBe('cart 1');
    const writing = addToCart();
    const write = await addItem.call(0);
    expect(await getCart()).toBe('cart 2');
    expect(await getCart()).toBe('cart 3');
    expect(cache.metrics().superseded).toBe(2);
    write.answer('added');
    await writing;
    expect(await getCart()).toBe('cart 4');
    expect(await getCart()).toBe('cart 4');
    expect(log.of('resources-invalidated').map(({ cause }) => cause)).toEqual(['barrier', 'write']);
    expect(cache.metrics().invalidations).toBe(1);
  });

  it('does not store a read that began before it and ends while it is on', async () => {
    const { cache, getCart, addToCart, addItem } = givenBarrier();
    const fetchTotal = heldTool<[], number>();
    const getTotal = cache.read(fetchTotal, { name: 'get_total', ...GLOBAL_CART });
    const early = getTotal();
    const load = await fetchTotal.call(0);
    const writing = addToCart();
    const write = await addItem.call(0);
    load.answer(1);
    expect(await early).toBe(1);
    write.answer('added');
    await writing;
    const late = getTotal();
    (await fetchTotal.call(1)).answer(2);
    expect(await late).toBe(2);
    expect(await getCart()).toBe('cart 1');
  });

  it('stands for maxDuration at most, and then counts as an invalidation', async () => {
    const { clock, getCart, addToCart, addItem, fetchCart } = givenBarrier();
    expect(await getCart()).toBe('cart 1');
    void addToCart(); // hangs
    await addItem.call(0);
    await clock.advance(29_999);
    expect(await getCart()).toBe('cart 2');
    await clock.advance(2);
    expect(await getCart()).toBe('cart 3');
    expect(await getCart()).toBe('cart 3');
    expect(fetchCart).toHaveBeenCalledTimes(3);
  });

  it('invalidates once more when the writer comes back after maxDuration', async () => {
    const { clock, getCart, addToCart, addItem } = givenBarrier();
    const writing = addToCart();
    const write = await addItem.call(0);
    await clock.advance(30_001);
    expect(await getCart()).toBe('cart 1');
    expect(await getCart()).toBe('cart 1');
    write.answer('added, very late');
    await writing;
    expect(await getCart()).toBe('cart 2');
  });

  it('stands until the last of several writers is done', async () => {
    const { getCart, addToCart, addItem } = givenBarrier();
    const first = addToCart();
    const second = addToCart();
    (await addItem.call(0)).answer('first');
    await first;
    expect(await getCart()).toBe('cart 1');
    expect(await getCart()).toBe('cart 2');
    (await addItem.call(1)).answer('second');
    await second;
    expect(await getCart()).toBe('cart 3');
    expect(await getCart()).toBe('cart 3');
  });

  it('ends with a writer that fails', async () => {
    const { getCart, addToCart, addItem } = givenBarrier();
    const writing = addToCart();
    (await addItem.call(0)).fail(new Error('out of stock'));
    await expect(writing).rejects.toThrow('out of stock');
    expect(await getCart()).toBe('cart 1');
    expect(await getCart()).toBe('cart 1');
  });

  it('needs no barrier in memory unless it asks for one', async () => {
    const { cache, log, getCart } = givenBarrier();
    const plain = cache.write(async () => 'done', { name: 'plain', invalidates: 'cart', scope: 'global' });
    await getCart();
    await plain();
    await quiescence();
    expect(log.of('resources-invalidated').map(({ cause }) => cause)).toEqual(['write']);
  });
});
