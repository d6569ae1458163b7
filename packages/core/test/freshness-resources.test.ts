import { describe, expect, it, vi } from 'vitest';

import { createToolCache, type ResourceInputs, type Scope } from '../src/index.ts';
import { heldTool } from './held-tool.ts';

/** Reads through tools, each on a resource of its own, and tells which of them still know their answer. */
function givenReads(resources: Readonly<Record<string, ResourceInputs>>, scope: Scope = 'global') {
  const cache = createToolCache();
  const names = Object.keys(resources);
  const tools = names.map((name) => {
    const fetch = vi.fn(async () => name);
    return { name, fetch, read: cache.read(fetch, { name, scope, resource: resources[name] as ResourceInputs }) };
  });
  async function readAll(): Promise<void> {
    for (const { read } of tools) await read();
  }
  async function survivors(): Promise<string[]> {
    for (const { fetch } of tools) fetch.mockClear();
    await readAll();
    return tools.filter(({ fetch }) => fetch.mock.calls.length === 0).map(({ name }) => name);
  }
  return { cache, readAll, survivors };
}

describe('the resource of a write', () => {
  const reads = {
    every_order: ['order'],
    order_42: ['order', '42'],
    order_43: ['order', '43'],
    lines_of_42: ['order', '42', 'lines'],
    every_cart: ['cart'],
    nothing: [['unrelated']],
  } as const;

  it.each([
    ['order', ['every_cart', 'nothing']],
    [
      ['order', '42'],
      ['order_43', 'every_cart', 'nothing'],
    ],
    [
      ['order', '42', 'lines'],
      ['order_43', 'every_cart', 'nothing'],
    ],
    [
      ['order', '44'],
      ['order_42', 'order_43', 'lines_of_42', 'every_cart', 'nothing'],
    ],
    [
      ['cart', 'user_1'],
      ['every_order', 'order_42', 'order_43', 'lines_of_42', 'nothing'],
    ],
    [
      [['order', '43'], 'cart'],
      ['order_42', 'lines_of_42', 'nothing'],
    ],
    [['ord'], ['every_order', 'order_42', 'order_43', 'lines_of_42', 'every_cart', 'nothing']],
    [['order/42'], ['every_order', 'order_42', 'order_43', 'lines_of_42', 'every_cart', 'nothing']],
    [
      ['order', ''],
      ['order_42', 'order_43', 'lines_of_42', 'every_cart', 'nothing'],
    ],
  ] satisfies [ResourceInputs, string[]][])('drops what is above it and below it: %j leaves %j', async (path, left) => {
    const { cache, readAll, survivors } = givenReads(reads);
    const write = cache.write(async () => 'done', { name: 'write', scope: 'global', invalidates: path });
    await readAll();
    await write();
    expect(await survivors()).toEqual(left);
  });

  it('is computed from the arguments of the call', async () => {
    const { cache, readAll, survivors } = givenReads(reads);
    const ship = cache.write(async (_id: string) => 'shipped', {
      name: 'ship',
      scope: 'global',
      invalidates: (id) => [['order', id], ['parcel']],
    });
    await readAll();
    await ship('43');
    expect(await survivors()).toEqual(['order_42', 'lines_of_42', 'every_cart', 'nothing']);
  });

  it('may be invalidated without the write', async () => {
    const { cache, readAll, survivors } = givenReads(reads);
    const run = vi.fn(async (_id: string) => 'shipped');
    const ship = cache.write(run, { name: 'ship', scope: 'global', invalidates: (id) => ['order', id] });
    await readAll();
    await ship.invalidate('43');
    expect(await survivors()).toEqual(['order_42', 'lines_of_42', 'every_cart', 'nothing']);
    expect(run).not.toHaveBeenCalled();
  });
});

describe('a read of several resources', () => {
  it.each(['cart', 'price', ['stock', 'a'], 'stock'] satisfies ResourceInputs[])('dies with %j', async (resource) => {
    const { cache, readAll, survivors } = givenReads({ quote: ['cart', ['price'], ['stock', 'a']] });
    await readAll();
    await cache.invalidate(resource);
    expect(await survivors()).toEqual([]);
  });

  it('survives everything else', async () => {
    const { cache, readAll, survivors } = givenReads({ quote: ['cart', ['price'], ['stock', 'a']] });
    await readAll();
    await cache.invalidate(['stock', 'b'], 'user');
    expect(await survivors()).toEqual(['quote']);
  });

  it('survives every invalidation when it names none', async () => {
    const cache = createToolCache();
    const fetch = vi.fn(async () => 'pi');
    const read = cache.read(fetch, { name: 'constant', scope: 'global' });
    await read();
    await cache.invalidate('constant', ['pi']);
    await read();
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});

describe('resources that only the result can tell', () => {
  interface Order {
    readonly id: string;
    readonly customer: string;
  }

  function givenOrders() {
    const cache = createToolCache();
    const fetch = heldTool<[string], Order>();
    const read = cache.read(fetch, {
      name: 'find_order',
      scope: 'global',
      resource: 'order',
      resultResource: ({ customer }, text) => [
        ['customer', customer],
        ['text', text],
      ],
    });
    return { cache, fetch, read };
  }

  it.each([[['customer', 'c1']], [['text', 'red shoes']], [['order', '7']], ['customer']] satisfies [ResourceInputs][])(
    'let the entry die with %j',
    async (resource) => {
      const { cache, fetch, read } = givenOrders();
      const first = read('red shoes');
      (await fetch.call(0)).answer({ id: '7', customer: 'c1' });
      await first;
      await cache.invalidate(resource);
      const second = read('red shoes');
      (await fetch.call(1)).answer({ id: '7', customer: 'c2' });
      expect((await second).customer).toBe('c2');
    },
  );

  it('leave the entry alone otherwise', async () => {
    const { cache, fetch, read } = givenOrders();
    const first = read('red shoes');
    (await fetch.call(0)).answer({ id: '7', customer: 'c1' });
    await first;
    await cache.invalidate(['customer', 'c2'], ['text', 'blue shoes']);
    await read('red shoes');
    expect(fetch.calls).toHaveLength(1);
  });

  it('are as safe as declared ones: an invalidation during the load supersedes it', async () => {
    const { cache, fetch, read } = givenOrders();
    const first = read('red shoes');
    const load = await fetch.call(0);
    await cache.invalidate(['customer', 'c1']);
    load.answer({ id: '7', customer: 'c1' });
    await first;
    const second = read('red shoes');
    (await fetch.call(1)).answer({ id: '7', customer: 'c1 renamed' });
    expect((await second).customer).toBe('c1 renamed');
  });
});
