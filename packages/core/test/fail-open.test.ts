import { describe, expect, it, vi } from 'vitest';

import { createToolCache, memoryStore } from '../src/index.ts';
import { faultyStore, manualClock, type EntryOperation, type FaultKind } from '../src/testing/index.ts';
import { eventLog } from './event-log.ts';
import { heldTool } from './held-tool.ts';
import { quiescence } from './quiescence.ts';
import { watched } from './watched.ts';

/** Sets up tools over a store that goes wrong on purpose, and the data behind them. */
function givenFaultyShop(options: { readonly async?: boolean; readonly shared?: boolean } = {}) {
  const log = eventLog();
  const clock = manualClock();
  const inner = memoryStore({ clock });
  const store = faultyStore(options.shared === true ? { ...inner, shared: true } : inner, {
    async: options.async ?? false,
  });
  const cache = createToolCache({ store, clock, onEvent: log.listener });
  let items = 0;
  const fetchCart = vi.fn(async () => `${items} items`);
  const addItem = vi.fn(async () => {
    items += 1;
    return 'added';
  });
  return {
    log,
    clock,
    store,
    cache,
    fetchCart,
    addItem,
    getCart: cache.read(fetchCart, { name: 'get_cart', resource: 'cart', scope: 'global' }),
    addToCart: cache.write(addItem, { name: 'add_to_cart', invalidates: 'cart', scope: 'global' }),
  };
}

const KINDS: FaultKind[] = ['throw', 'reject', 'lose-reply'];

describe.each([
  ['that answers at once', false],
  ['that takes its time', true],
])('over a store %s', (_, async) => {
  it.each(KINDS)('reads and writes work while every operation fails (%s)', async (kind) => {
    const { log, store, getCart, addToCart, fetchCart } = givenFaultyShop({ async });
    store.inject({ kind });
    expect(await getCart()).toBe('0 items');
    expect(await addToCart()).toBe('added');
    expect(await getCart()).toBe('1 items');
    expect(await Promise.all([getCart(), getCart()])).toEqual(['1 items', '1 items']);
    expect(fetchCart.mock.calls.length).toBeGreaterThanOrEqual(3);
    const operations = new Set(log.of('store-error').map(({ operation }) => operation));
    expect([...operations]).toEqual(expect.arrayContaining(['acquire', 'invalidate']));
    expect(new Set(log.of('call-bypassed').map(({ reason }) => reason))).toEqual(new Set(['store-failed']));
  });

  it.each(KINDS)("a tool's own error is the same object while the store fails (%s)", async (kind) => {
    const { store, getCart, addToCart, fetchCart, addItem } = givenFaultyShop({ async });
    store.inject({ kind });
    const [readError, writeError] = [new Error('read'), { not: 'an error' }];
    fetchCart.mockRejectedValueOnce(readError);
    addItem.mockRejectedValueOnce(writeError);
    expect(await getCart().catch((error: unknown) => error)).toBe(readError);
    expect(await addToCart().catch((error: unknown) => error)).toBe(writeError);
  });

  it.each<EntryOperation>(['peek', 'acquire', 'commit', 'release', 'invalidate', 'openBarrier', 'closeBarrier'])(
    'nothing stale is served when %s fails, during the failure and after it',
    async (operation) => {
      // A lease that was granted and never heard of ends with its time, which memory does not have.
      for (const kind of operation === 'acquire' ? KINDS.slice(0, 2) : KINDS) {
        const { store, cache, getCart, addItem } = givenFaultyShop({ async });
        const write = cache.write(addItem, {
          name: 'write',
          invalidates: 'cart',
          scope: 'global',
          ...(operation.endsWith('Barrier') && { barrier: { maxDuration: '30s' } }),
        });
        for (let round = 0; round < 3; round += 1) {
          const before = `${round} items`;
          expect(await getCart()).toBe(before);
          const fault = store.inject({ kind, operations: operation });
          expect(await getCart()).toBe(before);
          await write();
          expect(await getCart()).toBe(`${round + 1} items`);
          fault.stop();
          expect(await getCart()).toBe(`${round + 1} items`);
          await quiescence();
          expect(await getCart()).toBe(`${round + 1} items`);
        }
      }
    },
  );

  it('sessions open, work and end while the store fails', async () => {
    const { store, cache, log } = givenFaultyShop({ async });
    store.inject({ kind: 'reject' });
    const fetch = vi.fn(async () => 'note');
    const getNote = cache.read(fetch, { name: 'get_note', resource: 'note' });
    const write = cache.write(async () => 'written', { name: 'write', invalidates: 'note' });
    const result = await cache.session({ id: 'a', userId: 'ada' }, async () => [
      await getNote(),
      await getNote(),
      await write(),
    ]);
    expect(result).toEqual(['note', 'note', 'written']);
    expect(fetch).toHaveBeenCalledTimes(2);
    expect(new Set(log.of('call-bypassed').map(({ reason }) => reason))).toEqual(new Set(['store-failed']));
    expect(log.of('session-end')).toHaveLength(1);
  });

  it('sessions open also when the store throws', async () => {
    const { store, cache, fetchCart } = givenFaultyShop({ async });
    store.inject({ kind: 'throw' });
    const getNote = cache.read(fetchCart, { name: 'get_note' });
    expect(await cache.session({ id: 'a' }, () => getNote())).toBe('0 items');
  });

  it('everything is cached again once the store is back', async () => {
    const { store, cache, getCart, fetchCart } = givenFaultyShop({ async });
    store.inject({ kind: 'reject' });
    await getCart();
    await cache.session({ id: 'a' }, () => getCart());
    store.heal();
    await getCart();
    await quiescence();
    fetchCart.mockClear();
    expect([await getCart(), await getCart()]).toEqual(['0 items', '0 items']);
    expect(fetchCart).not.toHaveBeenCalled();
  });

  it('loops are still detected while the store fails', async () => {
    const { store, cache, getCart } = givenFaultyShop({ async });
    store.inject({ kind: 'reject' });
    await cache.session({ maxToolRepeats: 2 }, async () => {
      await getCart();
      await getCart();
      await expect(getCart()).rejects.toMatchObject({ rule: 'repeats' });
    });
  });

  it('the results are what they are without faults', async () => {
    const { cache, getCart, addToCart, fetchCart } = givenFaultyShop({ async });
    const reads = await Promise.all(Array.from({ length: 20 }, () => getCart()));
    expect(new Set(reads)).toEqual(new Set(['0 items']));
    expect(fetchCart).toHaveBeenCalledTimes(1);
    await addToCart();
    expect(await getCart()).toBe('1 items');
    await quiescence();
    expect(await getCart()).toBe('1 items');
    expect(fetchCart).toHaveBeenCalledTimes(2);
    expect(cache.metrics().bypassed).toBe(0);
  });

  it('a reader that arrives after an invalidation never joins the load from before it', async () => {
    const { cache } = givenFaultyShop({ async });
    const fetch = heldTool<[], string>();
    const read = cache.read(fetch, { name: 'read', resource: 'data', scope: 'global' });
    const early = read();
    const load = await fetch.call(0);
    await cache.invalidate('data');
    const late = read();
    const reload = await fetch.call(1);
    load.answer('old');
    expect(await early).toBe('old');
    await quiescence();
    reload.answer('new');
    expect(await late).toBe('new');
    await quiescence();
    expect(await read()).toBe('new');
  });
});

describe('a store that hangs', () => {
  it('while it takes a result in does not hold up the caller', async () => {
    const { store, getCart } = givenFaultyShop();
    store.inject({ kind: 'hold-request', operations: 'commit' });
    const reading = watched(getCart());
    await quiescence();
    expect(reading).toMatchObject({ state: 'fulfilled', value: '0 items' });
  });

  it('lets a caller that gives up go', async () => {
    const { store, getCart } = givenFaultyShop();
    store.inject({ kind: 'hold-request', operations: 'acquire' });
    const controller = new AbortController();
    const reading = watched(getCart.with({ signal: controller.signal })());
    await quiescence();
    controller.abort(new Error('enough'));
    await quiescence();
    expect(reading).toMatchObject({ state: 'rejected', error: { message: 'enough' } });
  });

  it('grants nothing to a caller that has given up: the next one loads', async () => {
    const { store, getCart } = givenFaultyShop();
    const fault = store.inject({ kind: 'hold-request', operations: 'acquire', times: 1 });
    const controller = new AbortController();
    const gone = watched(getCart.with({ signal: controller.signal })());
    await quiescence();
    controller.abort();
    fault.release();
    await quiescence();
    const next = watched(getCart());
    await quiescence();
    expect([gone.state, next.state]).toEqual(['rejected', 'fulfilled']);
  });

  it('lets a caller go that waits to hear whether the result it has joined is still true', async () => {
    const { store, cache } = givenFaultyShop();
    const fetch = heldTool<[], string>();
    const resultResource = (owner: string): string[] => ['user', owner];
    const read = cache.read(fetch, { name: 'read', scope: 'global', resultResource });
    store.inject({ kind: 'hold-request', operations: 'commit' });
    const controller = new AbortController();
    const leader = watched(read());
    const follower = watched(read.with({ signal: controller.signal })());
    (await fetch.call(0)).answer('ada');
    await quiescence();
    expect(leader.state).toBe('fulfilled');
    controller.abort(new Error('enough'));
    await quiescence();
    expect(follower.state).not.toBe('pending');
  });

  it('is waited for when the cache closes, so that nothing is lost', async () => {
    const { store, cache, getCart } = givenFaultyShop();
    const fault = store.inject({ kind: 'hold-request', operations: 'commit' });
    await getCart();
    const closing = watched(cache.close());
    await quiescence();
    expect(closing.state).toBe('pending');
    fault.release();
    await quiescence();
    expect(closing.state).toBe('fulfilled');
  });
});

describe('a shared store', () => {
  it('makes writes open a barrier by default, which outlives a writer that dies', async () => {
    const { clock, cache, getCart, log } = givenFaultyShop({ shared: true });
    const hang = heldTool<[], string>();
    const write = cache.write(hang, { name: 'hang', invalidates: 'cart', scope: 'global' });
    await getCart();
    void write(); // never settles
    await hang.call(0);
    expect(log.of('resources-invalidated').map(({ cause }) => cause)).toEqual(['barrier']);
    await getCart();
    expect(cache.metrics()).toMatchObject({ hits: 0 });
    await clock.advance(30_001);
    await getCart();
    await getCart();
    expect(cache.metrics()).toMatchObject({ hits: 1 });
  });

  it('is not closed by the cache, which did not open it', async () => {
    const store = memoryStore();
    const close = vi.spyOn(store, 'close');
    await createToolCache({ store }).close();
    expect(close).not.toHaveBeenCalled();
  });
});
