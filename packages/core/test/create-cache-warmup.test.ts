import { describe, expect, it, vi } from 'vitest';

import { createCache } from '../src/index.ts';
import { heldTool } from './held-tool.ts';
import { quiescence } from './quiescence.ts';

describe('warmup', () => {
  it('loads what is asked for later', async () => {
    const cache = createCache<string, unknown>();
    const loadUser = vi.fn(async () => ({ name: 'Ada' }));
    const result = await cache.warmup({ 'user:1': loadUser, 'config:global': () => 'dark' });
    expect(result).toEqual({ loaded: 2, failed: new Map() });
    expect(await cache.get('user:1', { load: loadUser })).toEqual({ name: 'Ada' });
    expect(await cache.get('config:global')).toBe('dark');
    expect(loadUser).toHaveBeenCalledTimes(1);
  });

  it('does not load what is there', async () => {
    const cache = createCache<string, number>();
    await cache.set('k', 1);
    const load = vi.fn(() => 2);
    expect(await cache.warmup({ k: load })).toEqual({ loaded: 1, failed: new Map() });
    expect(load).not.toHaveBeenCalled();
    expect(await cache.get('k')).toBe(1);
  });

  it.each([
    [undefined, 8],
    [1, 1],
    [3, 3],
    [100, 20],
  ])('with concurrency %o runs at most %i loaders at once, and all in the end', async (concurrency, most) => {
    const cache = createCache<string, string>();
    const load = heldTool<[], string>();
    const loaders = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`key ${index}`, () => load()]));
    const warming = cache.warmup(loaders, concurrency === undefined ? {} : { concurrency });
    await quiescence();
    expect(load.calls).toHaveLength(most);
    let answered = 0;
    while (answered < 20) {
      expect(load.calls.length - answered).toBeLessThanOrEqual(most);
      (await load.call(answered)).answer('value');
      answered += 1;
      await quiescence();
    }
    expect(await warming).toEqual({ loaded: 20, failed: new Map() });
    expect(cache.metrics().entries).toBe(20);
  });

  it('goes on when a key fails, and says which and why', async () => {
    const cache = createCache<string, number>();
    const failure = new Error('no database');
    const result = await cache.warmup({
      a: () => 1,
      b: () => Promise.reject(failure),
      c: () => {
        throw failure;
      },
      d: async () => 4,
    });
    expect(result.loaded).toBe(2);
    expect(result.failed).toEqual(new Map(['b', 'c'].map((key) => [key, failure])));
    expect(await cache.get('d')).toBe(4);
  });

  it('counts as loaded only what is in the cache afterwards', async () => {
    const cache = createCache<string, unknown>();
    const { loaded } = await cache.warmup({ kept: () => 1, missing: () => undefined, unkeepable: () => () => 1 });
    expect([await cache.has('kept'), await cache.has('missing'), await cache.has('unkeepable')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(loaded).toBe(1);
  });

  it('of nothing is done at once', async () => {
    expect(await createCache().warmup({})).toEqual({ loaded: 0, failed: new Map() });
  });
});
