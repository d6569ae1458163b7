import { describe, expect, it, vi } from 'vitest';

import { createCache, createToolCache, memoryStore, NotEncodableError } from '../src/index.ts';
import { manualClock } from '../src/testing/index.ts';
import { eventLog } from './event-log.ts';
import { heldTool } from './held-tool.ts';
import { quiescence } from './quiescence.ts';

describe('get', () => {
  it('loads what is not there, once for concurrent callers', async () => {
    const cache = createCache();
    const load = vi.fn(async (key: unknown) => ({ key }));
    const [one, two] = await Promise.all([cache.get('k', { load }), cache.get('k', { load })]);
    expect([one, two, await cache.get('k', { load })]).toEqual([{ key: 'k' }, { key: 'k' }, { key: 'k' }]);
    expect(load.mock.calls).toEqual([['k']]);
    expect(cache.metrics()).toMatchObject({ misses: 1, coalesced: 1, hits: 1, entries: 1 });
  });

  it('is undefined where nothing is there and no loader is known', async () => {
    const cache = createCache();
    expect(await cache.get('k')).toBeUndefined();
    expect(cache.metrics()).toMatchObject({ misses: 1, upstreamCalls: 0 });
  });

  it('finds what another loader or a set has stored', async () => {
    const cache = createCache<string, number>();
    await cache.get('loaded', { load: () => 1 });
    await cache.set('set', 2);
    expect([await cache.get('loaded'), await cache.get('set')]).toEqual([1, 2]);
  });

  it('uses the loader of the cache, unless the call brings one', async () => {
    const cache = createCache({ load: (key: string) => `default ${key}` });
    expect(await cache.get('a')).toBe('default a');
    expect(await cache.get('b', { load: () => 'own' })).toBe('own');
  });

  it.each([0, -0, '', false, null, NaN, 0n, []])('keeps %o, which is a value', async (value) => {
    const cache = createCache();
    const load = vi.fn(() => value);
    expect(await cache.get('k', { load })).toEqual(value);
    expect(await cache.get('k', { load })).toEqual(value);
    expect(load).toHaveBeenCalledTimes(1);
    expect(await cache.has('k')).toBe(true);
  });

  it('does not keep undefined, unless cacheIf says so', async () => {
    const load = vi.fn(() => undefined);
    const cache = createCache();
    await cache.get('k', { load });
    await cache.get('k', { load });
    expect(load).toHaveBeenCalledTimes(2);
    const keen = createCache({ cacheIf: () => true });
    await keen.get('k', { load });
    await keen.get('k', { load });
    expect(load).toHaveBeenCalledTimes(3);
  });

  it('does not keep what cacheIf turns down', async () => {
    const cache = createCache<string, number>({ cacheIf: (value) => value > 10 });
    await cache.get('small', { load: () => 1 });
    await cache.get('large', { load: () => 11 });
    expect([await cache.has('small'), await cache.has('large')]).toEqual([false, true]);
  });

  it('does not keep an error', async () => {
    const cache = createCache();
    const failure = new Error('no database');
    await expect(cache.get('k', { load: () => Promise.reject(failure) })).rejects.toBe(failure);
    expect(await cache.get('k', { load: () => 'recovered' })).toBe('recovered');
  });

  it('tells keys apart by type and content, not by identity', async () => {
    const cache = createCache();
    const keys = [1, '1', 1n, true, 'true', null, 'null', [1], ['1'], { a: 1, b: 2 }, new Date(1), new Map([[1, 2]])];
    for (const [place, key] of keys.entries()) await cache.set(key, place);
    for (const [place, key] of keys.entries()) expect(await cache.get(structuredClone(key))).toBe(place);
    expect(await cache.get({ b: 2, a: 1 })).toBe(
      keys.findIndex((key) => Object(key) === key && 'a' in (key as object)),
    );
  });

  it('refuses a key that cannot be encoded', async () => {
    const cache = createCache();
    await expect(cache.get({ open: () => 1 }, { load: () => 1 })).rejects.toThrow(NotEncodableError);
    await expect(cache.get({ open: () => 1 })).rejects.toThrow('$.open');
  });

  it('lets a caller stop waiting', async () => {
    const cache = createCache<string, string>();
    const load = heldTool<[string], string>();
    const controller = new AbortController();
    const leaving = cache.get('k', { load, signal: controller.signal });
    const staying = cache.get('k', { load });
    const call = await load.call(0);
    controller.abort(new Error('stop'));
    await expect(leaving).rejects.toThrow('stop');
    call.answer('value');
    expect(await staying).toBe('value');
  });

  it('refuses a loader that asks for the key it is loading', async () => {
    const cache = createCache<string, string>();
    const load = (): Promise<string> => cache.get('k', { load });
    await expect(cache.get('k', { load })).rejects.toMatchObject({ code: 'invalid_argument', argument: 'load' });
  });
});

describe('the time an entry is fresh', () => {
  it('is the ttl of the cache, or of the call', async () => {
    const clock = manualClock();
    const cache = createCache<string, number>({ clock, ttl: '1m' });
    await cache.set('default', 1);
    await cache.set('short', 2, { ttl: '10s' });
    await cache.get('loaded short', { load: () => 3, ttl: 10_000 });
    await clock.advance(9_999);
    expect([await cache.has('default'), await cache.has('short'), await cache.has('loaded short')]).toEqual([
      true,
      true,
      true,
    ]);
    await clock.advance(1);
    expect([await cache.has('default'), await cache.has('short'), await cache.has('loaded short')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(await cache.get('short')).toBeUndefined();
    await clock.advance(50_000);
    expect(await cache.has('default')).toBe(false);
  });

  it('is five minutes by default', async () => {
    const clock = manualClock();
    const cache = createCache<string, number>({ clock });
    await cache.set('k', 1);
    await clock.advance(299_999);
    expect(await cache.has('k')).toBe(true);
    await clock.advance(1);
    expect(await cache.has('k')).toBe(false);
  });

  it('is over for good: entries that nobody asks for are swept', async () => {
    const clock = manualClock();
    const cache = createCache<string, number>({ clock, ttl: '1s' });
    await cache.set('k', 1);
    await clock.advance(60_000);
    expect(cache.metrics()).toMatchObject({ entries: 0, bytes: 0 });
    expect(clock.pending()).toBe(0);
  });
});

describe('set, delete, clear and invalidate', () => {
  it('set replaces, and delete tells whether something was there', async () => {
    const cache = createCache<string, number>();
    await cache.set('k', 1);
    await cache.set('k', 2);
    expect(await cache.get('k')).toBe(2);
    expect([await cache.delete('k'), await cache.delete('k'), await cache.delete('never')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(await cache.get('k')).toBeUndefined();
    expect(cache.metrics().entries).toBe(0);
  });

  it.each([
    ['set', async (cache: ReturnType<typeof createCache>) => cache.set('k', 'set'), 'set'],
    ['delete', async (cache: ReturnType<typeof createCache>) => void (await cache.delete('k')), undefined],
    ['clear', async (cache: ReturnType<typeof createCache>) => cache.clear(), undefined],
    ['invalidate', async (cache: ReturnType<typeof createCache>) => cache.invalidate('data'), undefined],
  ])('%s supersedes a load that is running', async (_, step, left) => {
    const log = eventLog();
    const cache = createCache({ onEvent: log.listener });
    const load = heldTool<[unknown], string>();
    const early = cache.get('k', { load, resources: 'data' });
    const call = await load.call(0);
    await step(cache);
    call.answer('old');
    expect(await early).toBe('old');
    await quiescence();
    expect(log.of('entry-superseded')).toHaveLength(1);
    expect(await cache.get('k')).toBe(left);
  });

  it('clear leaves other caches on the same store alone', async () => {
    const store = memoryStore();
    const [one, two] = [createCache({ name: 'one', store }), createCache({ name: 'two', store })];
    const tools = createToolCache({ store });
    const read = tools.read(async () => 'result', { name: 'read', scope: 'global' });
    await one.set('k', 1);
    await two.set('k', 2);
    await read();
    await one.clear();
    await read();
    expect([await one.get('k'), await two.get('k'), tools.metrics().hits]).toEqual([undefined, 2, 1]);
    expect(one.metrics().entries).toBe(0);
  });

  it('invalidate drops what depends on the data', async () => {
    const cache = createCache<string, number>();
    await cache.set('a', 1, { resources: ['user', '1'] });
    await cache.get('b', { load: () => 2, resources: [['user', '2'], 'team'] });
    await cache.set('c', 3);
    await cache.invalidate(['user', '1'], 'team');
    expect([await cache.get('a'), await cache.get('b'), await cache.get('c')]).toEqual([undefined, undefined, 3]);
    expect(cache.metrics().invalidations).toBe(1);
  });

  it('invalidate reaches what was computed from it', async () => {
    const cache = createCache<string, number>();
    const price = (): Promise<number> => cache.get('price', { load: () => 10, resources: 'price' });
    await cache.get('quote', { load: async () => (await price()) * 2 });
    await cache.invalidate('price');
    expect(await cache.has('quote')).toBe(false);
  });

  it('two caches of one name on one store are one cache', async () => {
    const store = memoryStore();
    const [one, two] = [createCache({ name: 'shared', store }), createCache({ name: 'shared', store })];
    await one.set('k', 'value');
    expect(await two.has('k')).toBe(true);
    expect(await two.get('k', { load: () => 'loaded again' })).toBe('value');
    expect(await two.get('k')).toBe('value');
  });
});
