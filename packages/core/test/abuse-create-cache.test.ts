import { describe, expect, it, vi } from 'vitest';

import { createCache, memoize, memoryStore, NotEncodableError } from '../src/index.ts';
import { eventLog } from './event-log.ts';
import { expectRefusal, refusal } from './refusal.ts';

type Case = [name: string, options: unknown, received?: string];

const BOUNDS: Case[] = [
  ['maxEntries', { maxEntries: -1 }, '-1'],
  ['maxEntries', { maxEntries: '10' }, '"10"'],
  ['maxBytes', { maxBytes: 1.5 }, '1.5'],
  ['ttl', { ttl: 0 }, '0'],
  ['ttl', { ttl: 'never' }, '"never"'],
  ['ttl', { ttl: null }, 'null'],
  ['staleWhileRevalidate', { staleWhileRevalidate: -5 }, '-5'],
  ['staleIfError', { staleIfError: '1 day' }, '"1 day"'],
  ['earlyRefresh', { earlyRefresh: NaN }, 'NaN'],
  ['isolation', { isolation: 'clone' }, '"clone"'],
  ['cacheIf', { cacheIf: 5 }, '5'],
  ['onEvent', { onEvent: 5 }, '5'],
  ['clock', { clock: 5 }, '5'],
  ['maxsize', { maxsize: 10 }, '10'],
];

describe('createCache refuses', () => {
  it.each<Case>([
    ['options', null],
    ['options', 5],
    ['name', { name: '' }, '""'],
    ['name', { name: 5 }, '5'],
    ['store', { store: 'memory:' }, '"memory:"'],
    ['load', { load: 'load' }, '"load"'],
    ['loadMany', { loadMany: {} }],
    ['batchWindow', { batchWindow: 0 }, '0'],
    ['batchWindow', { batchWindow: 'soon' }, '"soon"'],
    ['batchSize', { batchSize: 0 }, '0'],
    ['batchSize', { batchSize: 2.5 }, '2.5'],
    ['scope', { scope: 'session' }, '"session"'],
    ['resource', { resource: 'x' }, '"x"'],
    ...BOUNDS,
  ])('%s in %j', async (name, options, received) => {
    expectRefusal(await refusal(() => createCache(options as never)), name, received);
  });

  it.each(['maxEntries', 'maxBytes'])('%s beside a store, whose own bounds hold', async (name) => {
    expectRefusal(await refusal(() => createCache({ store: memoryStore(), [name]: 5 })), name, '5');
  });
});

describe('a cache refuses', () => {
  const load = (): number => 1;

  it.each<Case>([
    ['load', { load: 'load' }, '"load"'],
    ['loadMany', { loadMany: 5 }, '5'],
    ['ttl', { load, ttl: 0 }, '0'],
    ['ttl', { load, ttl: null }, 'null'],
    ['resources', { load, resources: 5 }, '5'],
    ['resources', { load, resources: ['user', 1] }, '1'],
    ['signal', { load, signal: {} }],
    ['loader', { loader: load }, 'a function'],
    ['resource', { load, resource: 'x' }, '"x"'],
  ])('%s in get(key, %j)', async (name, options, received) => {
    const log = eventLog();
    const cache = createCache({ onEvent: log.listener });
    expectRefusal(await refusal(() => cache.get('k', options as never)), name, received);
    expect(log.events).toEqual([]);
    expect(cache.metrics().entries).toBe(0);
  });

  it.each<Case>([
    ['ttl', { ttl: '0s' }, '"0s"'],
    ['ttl', { ttl: null }, 'null'],
    ['resources', { resources: 5 }, '5'],
    ['resource', { resource: 'x' }, '"x"'],
  ])('%s in set(key, value, %j), and keeps the old value', async (name, options, received) => {
    const cache = createCache<string, string>();
    await cache.set('k', 'old');
    expectRefusal(await refusal(() => cache.set('k', 'new', options as never)), name, received);
    expect(await cache.get('k')).toBe('old');
  });

  it('a value that cannot be kept, and keeps the old one', async () => {
    const cache = createCache();
    await cache.set('k', 'old');
    await expect(cache.set('k', { items: [Symbol('x')] })).rejects.toThrow(NotEncodableError);
    expect(await cache.get('k')).toBe('old');
  });

  it.each([
    ['has', (cache: ReturnType<typeof createCache>, key: unknown) => cache.has(key)],
    ['delete', (cache: ReturnType<typeof createCache>, key: unknown) => cache.delete(key)],
    ['set', (cache: ReturnType<typeof createCache>, key: unknown) => cache.set(key, 1)],
    ['get', (cache: ReturnType<typeof createCache>, key: unknown) => cache.get(key, { load })],
  ])('in %s a key that cannot be encoded', async (_, act) => {
    class Socket {}
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    for (const key of [() => 1, new Socket(), cyclic, Symbol('k')]) {
      expect(await refusal(() => act(createCache(), key))).toBeInstanceOf(NotEncodableError);
    }
  });

  it.each([[[]], [[5]], [['a', []]]])('to invalidate %j', async (resources) => {
    const cache = createCache<string, number>();
    await cache.set('k', 1, { resources: 'a' });
    expectRefusal(await refusal(() => cache.invalidate(...(resources as never[]))), 'resources');
    expect(await cache.has('k')).toBe(true);
  });

  it.each<[string, unknown, unknown]>([
    ['loaders', undefined, {}],
    ['loaders', 'user:1', {}],
    ['loaders', { 'user:1': 'not a function' }, {}],
    ['concurrency', {}, { concurrency: 0 }],
    ['concurrency', {}, { concurrency: 1.5 }],
    ['concurrency', {}, { concurrency: '8' }],
    ['concurency', {}, { concurency: 8 }],
  ])('to warm up with wrong %s: %j, %j', async (name, loaders, options) => {
    expectRefusal(await refusal(() => createCache().warmup(loaders as never, options as never)), name);
  });
});

describe('memoize refuses', () => {
  it.each<Case>([
    ['options', null],
    ['skipArgs', { skipArgs: -1 }, '-1'],
    ['skipArgs', { skipArgs: 1.5 }, '1.5'],
    ['skipArgs', { skipArgs: '1' }, '"1"'],
    ['skipArg', { skipArg: 1 }, '1'],
    ['load', { load: () => 1 }, 'a function'],
    ['loadMany', { loadMany: () => [] }, 'a function'],
    ['batchSize', { batchSize: 5 }, '5'],
    ['store', { store: memoryStore() }],
    ['name', { name: 'sum' }, '"sum"'],
    ...BOUNDS,
  ])('%s in %j', async (name, options, received) => {
    expectRefusal(await refusal(() => memoize(vi.fn(), options as never)), name, received);
  });

  it.each([undefined, 'fn', {}])('the function %o', async (fn) => {
    expectRefusal(await refusal(() => memoize(fn as never)), 'fn');
  });
});
