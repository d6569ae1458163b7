import { describe, expect, it } from 'vitest';

import { createToolCache, memoryStore, type ReadOptions } from '../src/index.ts';
import { faultyStore } from '../src/testing/faulty-store.ts';
import { heldTool } from './held-tool.ts';
import { quiescence } from './quiescence.ts';
import { watched } from './watched.ts';

const GLOBAL = { scope: 'global' } as const;

// What a value depends on may be known only once it is there. A reader who comes after an invalidation cannot know whether
// a load that is under way has seen the data from before it: it must not be handed that load's value on trust.
describe('a reader that finds a load under way whose data was invalidated since', () => {
  it('does not get its value where only the result tells what it depends on', async () => {
    const cache = createToolCache();
    const fetchPage = heldTool<[], { product: string; price: number }>();
    const getPage = cache.read(fetchPage, {
      name: 'get_page',
      ...GLOBAL,
      resultResource: (page) => ['product', page.product],
    });
    const early = getPage();
    const load = await fetchPage.call(0);
    await cache.invalidate(['product', 'p1']);
    const late = watched(getPage());
    await quiescence();
    load.answer({ product: 'p1', price: 10 });
    expect(await early).toMatchObject({ price: 10 });
    await quiescence();
    fetchPage.calls[1]?.answer({ product: 'p1', price: 12 });
    await quiescence();
    expect(late).toMatchObject({ state: 'fulfilled', value: { price: 12 } });
  });

  it('does not get its value where it was made of another read', async () => {
    const cache = createToolCache();
    let price = 10;
    const getPrice = cache.read(async () => price, { name: 'get_price', ...GLOBAL, resource: ['product', 'p1'] });
    const format = heldTool<[number], string>();
    const quote = cache.read(async () => format(await getPrice()), { name: 'quote', ...GLOBAL });
    const early = quote();
    const load = await format.call(0);
    price = 12;
    await cache.invalidate(['product', 'p1']);
    const late = watched(quote());
    await quiescence();
    load.answer(`costs ${load.args[0]}`);
    expect(await early).toBe('costs 10');
    await quiescence();
    const next = format.calls[1];
    next?.answer(`costs ${next.args[0]}`);
    await quiescence();
    expect(late).toMatchObject({ state: 'fulfilled', value: 'costs 12' });
  });

  it('does not get its value where only the result tells, and is not worth storing either', async () => {
    const cache = createToolCache();
    const fetchPage = heldTool<[], { product: string; price: number }>();
    const getPage = cache.read(fetchPage, {
      name: 'get_page',
      ...GLOBAL,
      resultResource: (page) => ['product', page.product],
      cacheIf: () => false,
    });
    const early = getPage();
    const load = await fetchPage.call(0);
    await cache.invalidate(['product', 'p1']);
    const late = watched(getPage());
    await quiescence();
    load.answer({ product: 'p1', price: 10 });
    expect(await early).toMatchObject({ price: 10 });
    await quiescence();
    fetchPage.calls[1]?.answer({ product: 'p1', price: 12 });
    await quiescence();
    expect(late).toMatchObject({ state: 'fulfilled', value: { price: 12 } });
  });

  it('does not get its value where the store has not taken note of the invalidation', async () => {
    const store = faultyStore(memoryStore());
    const cache = createToolCache({ store });
    let price = 10;
    const getPrice = cache.read(async () => price, { name: 'get_price', ...GLOBAL, resource: ['product', 'p1'] });
    const setPrice = cache.write(async (next: number) => void (price = next), {
      name: 'set_price',
      ...GLOBAL,
      invalidates: ['product', 'p1'],
    });
    const format = heldTool<[number], string>();
    const quote = cache.read(async () => format(await getPrice()), { name: 'quote', ...GLOBAL });
    const early = quote();
    const load = await format.call(0);
    store.inject({ kind: 'reject', operations: 'invalidate' });
    await setPrice(12);
    const late = watched(quote());
    await quiescence();
    load.answer(`costs ${load.args[0]}`);
    expect(await early).toBe('costs 10');
    await quiescence();
    const next = format.calls[1];
    next?.answer(`costs ${next.args[0]}`);
    await quiescence();
    expect(late).toMatchObject({ state: 'fulfilled', value: 'costs 12' });
    store.heal();
  });

  it('shares the load where nothing was invalidated', async () => {
    const cache = createToolCache();
    const fetchPage = heldTool<[], string>();
    const getPage = cache.read(fetchPage, { name: 'get_page', ...GLOBAL, resultResource: (page) => ['page', page] });
    const reads = [getPage(), getPage(), getPage()];
    (await fetchPage.call(0)).answer('home');
    expect(await Promise.all(reads)).toEqual(['home', 'home', 'home']);
    expect(fetchPage.calls).toHaveLength(1);
    expect(cache.metrics()).toMatchObject({ misses: 1 });
  });
});

// A result that is not stored is an ingredient all the same: whatever is made of it depends on what it depends on.
describe('a result that is made of one that was not stored', () => {
  it.each<[string, Pick<ReadOptions, 'cacheIf'>, readonly unknown[]]>([
    ['because it is not worth it', { cacheIf: () => false }, []],
    ['because its arguments cannot be told apart', {}, [() => undefined]],
  ])('dies with what only that result could tell (%s)', async (_, options, args) => {
    const cache = createToolCache();
    let price = 10;
    const getProduct = cache.read(async (..._args: readonly unknown[]) => ({ product: 'p1', price }), {
      name: 'get_product',
      ...GLOBAL,
      resultResource: ({ product }) => ['product', product],
      ...options,
    });
    const quote = cache.read(async () => `costs ${(await getProduct(...args)).price}`, { name: 'quote', ...GLOBAL });
    expect(await quote()).toBe('costs 10');
    price = 12;
    await cache.invalidate(['product', 'p1']);
    expect(await quote()).toBe('costs 12');
  });
});
