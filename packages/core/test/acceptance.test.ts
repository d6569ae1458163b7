import { describe, expect, it, vi } from 'vitest';

import { AgentLoopDetectedError, createToolCache, globalMetrics, type Metrics, type Session } from '../src/index.ts';
import { heldTool } from './held-tool.ts';
import { givenDesk, givenSearch, givenShop } from './sample-agents.ts';

describe('reading and writing', () => {
  it('runs a read tool once for two identical calls (AC-01)', async () => {
    const { cache, getCart, fetchCart } = givenShop();
    expect(await getCart('user_1')).toEqual(await getCart('user_1'));
    expect(fetchCart).toHaveBeenCalledTimes(1);
    expect(cache.metrics()).toMatchObject({ hits: 1, misses: 1 });
  });

  it('keeps an entry for each set of arguments (AC-02)', async () => {
    const { getCart, fetchCart } = givenShop();
    for (const userId of ['user_1', 'user_2', 'user_1']) expect((await getCart(userId)).userId).toBe(userId);
    expect(fetchCart).toHaveBeenCalledTimes(2);
  });

  it('reads anew after a write on the resource (AC-03)', async () => {
    const { getCart, addToCart, fetchCart } = givenShop();
    expect(await getCart('user_1')).toEqual({ userId: 'user_1', items: [] });
    await getCart('user_2');
    await addToCart('user_1', 'laptop');
    expect(await getCart('user_1')).toEqual({ userId: 'user_1', items: ['laptop'] });
    await getCart('user_2');
    expect(fetchCart).toHaveBeenCalledTimes(4);
  });

  it('leaves entries of other resources alone (AC-04)', async () => {
    const { getProduct, addToCart, fetchProduct } = givenShop();
    await getProduct('laptop');
    await addToCart('user_1', 'laptop');
    await getProduct('laptop');
    expect(fetchProduct).toHaveBeenCalledTimes(1);
  });

  it('invalidates although the write throws (AC-05)', async () => {
    const { getCart, addToCart, addItem, fetchCart } = givenShop();
    await getCart('user_1');
    addItem.mockRejectedValueOnce(new Error('out of stock'));
    await expect(addToCart('user_1', 'laptop')).rejects.toThrow('out of stock');
    await getCart('user_1');
    expect(fetchCart).toHaveBeenCalledTimes(2);
  });

  it('drops only the entry that a selective write names (AC-06)', async () => {
    const { cache, fetchCart, addItem } = givenShop();
    const getCart = cache.read(fetchCart, { name: 'get_one_cart', resource: (id) => ['cart', id], scope: 'global' });
    const addToCart = cache.write(addItem, { name: 'add_one', invalidates: (id) => ['cart', id], scope: 'global' });
    await getCart('user_1');
    await getCart('user_2');
    await addToCart('user_1', 'laptop');
    fetchCart.mockClear();
    await getCart('user_1');
    await getCart('user_2');
    expect(fetchCart.mock.calls).toEqual([['user_1']]);
  });
});

describe('sessions', () => {
  it('never shows one session the entries of another (AC-07)', async () => {
    const { cache, getTicket, fetchTicket } = givenDesk();
    const inA = await cache.session({ id: 'agent-A' }, () => getTicket('T-100'));
    const inB = await cache.session({ id: 'agent-B' }, () => getTicket('T-100'));
    expect([inA.reads, inB.reads]).toEqual([1, 2]);
    expect(fetchTicket).toHaveBeenCalledTimes(2);
  });

  it('drops the entries of a session with its end, also for a new one with the same id (AC-08)', async () => {
    const { cache, getTicket, fetchTicket } = givenDesk();
    await cache.session({ id: 'agent-A' }, async () => {
      await getTicket('T-100');
      await getTicket('T-100');
    });
    expect(fetchTicket).toHaveBeenCalledTimes(1);
    expect(cache.metrics().entries).toBe(0);
    await cache.session({ id: 'agent-A' }, () => getTicket('T-100'));
    expect(fetchTicket).toHaveBeenCalledTimes(2);
  });

  it('keeps the copy of another session when a session-scoped write runs (AC-09)', async () => {
    const { cache, getTicket, updateTicket, fetchTicket } = givenDesk();
    const a = cache.openSession({ id: 'agent-A' });
    const b = cache.openSession({ id: 'agent-B' });
    await a.run(() => getTicket('T-100'));
    await b.run(() => getTicket('T-100'));
    await a.run(() => updateTicket('T-100', 'closed'));
    expect((await a.run(() => getTicket('T-100'))).reads).toBe(3);
    expect((await b.run(() => getTicket('T-100'))).reads).toBe(2);
    expect(fetchTicket).toHaveBeenCalledTimes(3);
  });
});

describe('loops', () => {
  it('refuses the 4th identical call when 3 are allowed (AC-10)', async () => {
    const { cache, searchWeb, search } = givenSearch();
    await cache.session({ maxToolRepeats: 3 }, async () => {
      for (let call = 1; call <= 3; call += 1) await searchWeb('caching');
      const refusal: unknown = await searchWeb('caching').catch((error: unknown) => error);
      expect(AgentLoopDetectedError.isInstance(refusal)).toBe(true);
      expect(refusal).toMatchObject({ rule: 'repeats', tool: 'search_web', count: 4, limit: 3 });
    });
    expect(search).toHaveBeenCalledTimes(1);
  });

  it('lets one tool run with ten different arguments (AC-11)', async () => {
    const { cache, searchWeb, search } = givenSearch();
    await cache.session({}, async (session) => {
      for (let call = 1; call <= 10; call += 1) await searchWeb(`query ${call}`);
      expect(session.metrics().loopDetections).toBe(0);
    });
    expect(search).toHaveBeenCalledTimes(10);
  });

  it('refuses the 21st call when 20 are allowed (AC-12)', async () => {
    const { cache, searchWeb, search } = givenSearch();
    await cache.session({ maxExecutionDepth: 20 }, async () => {
      for (let call = 1; call <= 20; call += 1) await searchWeb(`query ${call}`);
      await expect(searchWeb('query 21')).rejects.toMatchObject({ code: 'loop_detected', rule: 'depth', count: 21 });
    });
    expect(search).toHaveBeenCalledTimes(20);
  });

  it('refuses the 4th call of an oscillation and names both tools (AC-13)', async () => {
    const cache = createToolCache();
    const adjust = vi.fn(async (_item: string, delta: number) => delta);
    const checkStock = cache.read(async (_item: string) => 7, {
      name: 'check_stock',
      resource: 'stock',
      scope: 'global',
    });
    const updateStock = cache.write(adjust, { name: 'update_stock', invalidates: 'stock', scope: 'global' });
    await cache.session({ maxToolRepeats: 100, onLoop: 'raise' }, async () => {
      await checkStock('SKU-42');
      await updateStock('SKU-42', -1);
      await checkStock('SKU-42');
      await expect(updateStock('SKU-42', -1)).rejects.toMatchObject({
        message: 'Cycle detected: check_stock -> update_stock',
        rule: 'cycle',
        path: ['check_stock', 'update_stock'],
      });
    });
    expect(adjust).toHaveBeenCalledTimes(1);
  });

  it('stops a retry storm before the 4th attempt runs (AC-14)', async () => {
    const { cache, charge, pay } = givenSearch();
    await cache.session({ maxToolRepeats: 3, onLoop: 'raise' }, async () => {
      for (let attempt = 1; attempt <= 3; attempt += 1) {
        await expect(charge('ORD-1')).rejects.toThrow('the provider is down');
      }
      await expect(charge('ORD-1')).rejects.toMatchObject({ code: 'loop_detected', rule: 'repeats' });
    });
    expect(pay).toHaveBeenCalledTimes(3);
  });

  it('warns and runs the call when the session says so (AC-15)', async () => {
    const { cache, log, charge, pay } = givenSearch();
    pay.mockResolvedValue('paid');
    await cache.session({ maxToolRepeats: 1, onLoop: 'warn' }, async () => {
      await charge('ORD-1');
      expect(await charge('ORD-1')).toBe('paid');
    });
    expect(pay).toHaveBeenCalledTimes(2);
    expect(log.of('loop-detected')).toMatchObject([{ action: 'warn', toolName: 'charge_payment' }]);
  });

  it('answers a short-circuited call from the cache without running it (AC-16)', async () => {
    const { cache, searchWeb, search } = givenSearch();
    await cache.session({ maxToolRepeats: 1, onLoop: 'short_circuit' }, async (session) => {
      await searchWeb('caching');
      expect(await searchWeb('caching')).toEqual(['about caching']);
      expect(session.metrics().loopDetections).toBe(1);
    });
    expect(search).toHaveBeenCalledTimes(1);
  });

  it('answers a short-circuited call with null where nothing valid is cached, and for a write (AC-17)', async () => {
    const { cache, searchWeb, search, charge, pay } = givenSearch();
    pay.mockResolvedValue('paid');
    await cache.session({ maxToolRepeats: 1, onLoop: 'short_circuit' }, async () => {
      await searchWeb('caching');
      await cache.invalidate('search');
      expect(await searchWeb('caching')).toBeNull();
      await charge('ORD-1');
      expect(await charge('ORD-1')).toBeNull();
    });
    expect(search).toHaveBeenCalledTimes(1);
    expect(pay).toHaveBeenCalledTimes(1);
  });

  it('counts nothing when loop detection is off (AC-18)', async () => {
    const { cache, searchWeb } = givenSearch();
    await cache.session({ loopDetection: false, maxToolRepeats: 1, maxExecutionDepth: 1 }, async (session) => {
      for (let call = 1; call <= 60; call += 1) await searchWeb('caching');
      expect(session.metrics()).toMatchObject({ hits: 59, misses: 1, loopDetections: 0 });
      expect(session.toJSON()).not.toHaveProperty('loop');
    });
  });
});

describe('numbers', () => {
  it('gives the metrics of a session with exactly the documented keys (AC-19)', async () => {
    const { cache, getProduct, addToCart } = givenShop();
    await cache.session({ id: 'agent-A' }, async (session) => {
      for (const [product, reads] of Object.entries({ a: 4, b: 4, c: 3, d: 3, e: 3 })) {
        for (let read = 0; read < reads; read += 1) await getProduct(product);
      }
      await addToCart('user_1', 'laptop');
      await addToCart('user_1', 'mouse');
      const metrics = session.metrics();
      expect(metrics).toMatchObject({ hits: 12, misses: 5, invalidations: 2, loopDetections: 0, upstreamCalls: 7 });
      expect(metrics.hitRate).toBeCloseTo(0.706, 3);
      const others = ['coalesced', 'stale', 'superseded', 'bypassed', 'errors', 'savedMs'];
      const keys = ['hits', 'misses', 'invalidations', 'loopDetections', 'hitRate', 'upstreamCalls', ...others];
      expect(new Set(Object.keys(metrics))).toEqual(new Set(keys));
    });
  });

  it('sums sessions and calls without a session in the global metrics (AC-20)', async () => {
    const before = globalMetrics();
    const shop = givenShop();
    const desk = givenDesk();
    await shop.cache.session({ id: 'A' }, () => shop.getCart('user_1'));
    await shop.cache.session({ id: 'B' }, () => shop.getCart('user_1'));
    await shop.getCart('user_1');
    await shop.addToCart('user_1', 'laptop');
    await desk.getTicket('T-100');
    const after = globalMetrics();
    const names = ['hits', 'misses', 'invalidations', 'bypassed', 'upstreamCalls'] satisfies (keyof Metrics)[];
    const growth = Object.fromEntries(names.map((name) => [name, after[name] - before[name]]));
    expect(growth).toEqual({ hits: 2, misses: 1, invalidations: 1, bypassed: 1, upstreamCalls: 3 });
  });
});

describe('concurrency and isolation', () => {
  it('runs the tool once for 100 concurrent identical reads (AC-21)', async () => {
    const { getCart, fetchCart } = givenShop();
    const carts = await Promise.all(Array.from({ length: 100 }, () => getCart('user_1')));
    expect(carts).toHaveLength(100);
    expect(fetchCart).toHaveBeenCalledTimes(1);
  });

  it('never serves what a read in flight during a write has loaded (AC-22)', async () => {
    const { cache, addToCart } = givenShop();
    const fetchCart = heldTool<[string], string>();
    const getCart = cache.read(fetchCart, { name: 'held_cart', resource: 'cart', scope: 'global' });
    const early = getCart('user_1');
    const load = await fetchCart.call(0);
    await addToCart('user_1', 'laptop');
    load.answer('before the write');
    expect(await early).toBe('before the write');
    const late = getCart('user_1');
    (await fetchCart.call(1)).answer('after the write');
    expect(await late).toBe('after the write');
  });

  it('answers those who wait for a load whose first caller has gone (AC-23)', async () => {
    const { cache } = givenShop();
    const fetchCart = heldTool<[string], string>();
    const getCart = cache.read(fetchCart, { name: 'held_cart', resource: 'cart', scope: 'global' });
    const controller = new AbortController();
    const leader = getCart.with({ signal: controller.signal })('user_1');
    const waiting = getCart('user_1');
    const load = await fetchCart.call(0);
    controller.abort(new Error('the caller has gone'));
    await expect(leader).rejects.toThrow('the caller has gone');
    load.answer('the cart');
    expect(await waiting).toBe('the cart');
    expect(fetchCart.calls).toHaveLength(1);
  });

  it('keeps what it holds when a caller changes a result (AC-24)', async () => {
    const { getCart } = givenShop();
    (await getCart('user_1')).items.push('from the first caller');
    (await getCart('user_1')).items.push('from the second caller');
    expect((await getCart('user_1')).items).toEqual([]);
  });

  it('finds the session in sub-agents and Promise.all, or takes it as a handle (AC-25)', async () => {
    const { cache, getTicket, fetchTicket } = givenDesk();
    const subAgent = async (): Promise<unknown> => getTicket('T-100');
    let handle: Session | undefined;
    await cache.session({ id: 'agent-A' }, async (session) => {
      handle = session;
      await Promise.all([subAgent(), subAgent(), getTicket('T-100')]);
    });
    expect(fetchTicket).toHaveBeenCalledTimes(1);
    expect(handle?.metrics()).toMatchObject({ misses: 1, coalesced: 2 });

    await using open = cache.openSession({ id: 'agent-B' });
    await getTicket.with({ session: open })('T-100');
    await getTicket.with({ session: open })('T-100');
    expect(open.metrics()).toMatchObject({ hits: 1, misses: 1 });
  });
});
