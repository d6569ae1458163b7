import { describe, expect, it, vi } from 'vitest';

import { createCache, type LoadMany } from '../src/index.ts';
import { manualClock, type ManualClock } from '../src/testing/index.ts';
import { heldTool } from './held-tool.ts';
import { quiescence } from './quiescence.ts';
import { watched } from './watched.ts';

/** Lets what has begun get as far as it can, and then lets time pass. */
async function elapse(clock: ManualClock, ms: number): Promise<void> {
  await quiescence();
  await clock.advance(ms);
}

describe('loadMany', () => {
  function givenUsers(answer: LoadMany<number, string> = async (ids) => ids.map((id) => `user ${id}`)) {
    const clock = manualClock();
    const loadMany = vi.fn(answer);
    const cache = createCache<number, string>({ clock, loadMany });
    const batches = (): number[][] => loadMany.mock.calls.map(([keys]) => [...keys]);
    return { clock, cache, loadMany, batches };
  }

  it('gets the keys of 5 ms in one call, in the order in which they came', async () => {
    const { clock, cache, batches } = givenUsers();
    const reads = [cache.get(3), cache.get(1)];
    await elapse(clock, 4);
    reads.push(cache.get(2));
    await quiescence();
    expect(batches()).toEqual([]);
    await elapse(clock, 1);
    expect(await Promise.all(reads)).toEqual(['user 3', 'user 1', 'user 2']);
    expect(batches()).toEqual([[3, 1, 2]]);
  });

  it('is called again for keys that come later', async () => {
    const { clock, cache, batches } = givenUsers();
    const first = cache.get(1);
    await elapse(clock, 5);
    await first;
    const second = [cache.get(2), cache.get(1)];
    await elapse(clock, 5);
    await Promise.all(second);
    expect(batches()).toEqual([[1], [2]]);
    expect(cache.metrics()).toMatchObject({ misses: 2, hits: 1 });
  });

  it('gets 100 keys at most, and does not wait when it has them', async () => {
    const { clock, cache, batches } = givenUsers();
    const reads = Array.from({ length: 250 }, (_, id) => cache.get(id));
    await quiescence();
    expect(batches().map((keys) => keys.length)).toEqual([100, 100]);
    await elapse(clock, 5);
    expect(batches().map((keys) => keys.length)).toEqual([100, 100, 50]);
    expect(await Promise.all(reads)).toEqual(Array.from({ length: 250 }, (_, id) => `user ${id}`));
  });

  it('takes a window and a size of its own', async () => {
    const clock = manualClock();
    const loadMany = vi.fn(async (keys: readonly number[]) => keys.map(String));
    const cache = createCache<number, string>({ clock, loadMany, batchWindow: '1s', batchSize: 2 });
    const reads = [cache.get(1), cache.get(2), cache.get(3)];
    await quiescence();
    expect(loadMany.mock.calls).toEqual([[[1, 2]]]);
    await elapse(clock, 999);
    expect(loadMany).toHaveBeenCalledTimes(1);
    await elapse(clock, 1);
    expect(await Promise.all(reads)).toEqual(['1', '2', '3']);
  });

  it('gets each key once, however many callers ask for it', async () => {
    const { clock, cache, batches } = givenUsers();
    const reads = [cache.get(1), cache.get(1), cache.get(2), cache.get(1)];
    await elapse(clock, 5);
    expect(await Promise.all(reads)).toEqual(['user 1', 'user 1', 'user 2', 'user 1']);
    expect(batches()).toEqual([[1, 2]]);
  });

  it('may return a map of what exists', async () => {
    const { clock, cache } = givenUsers(async () => new Map([[2, 'user 2']]));
    const reads = [cache.get(1), cache.get(2)];
    await elapse(clock, 5);
    expect(await Promise.all(reads)).toEqual([undefined, 'user 2']);
    expect([await cache.has(1), await cache.has(2)]).toEqual([false, true]);
  });

  it('may fail for one key alone', async () => {
    const missing = new Error('no such user');
    const { clock, cache } = givenUsers(async (ids) => ids.map((id) => (id === 2 ? missing : `user ${id}`)));
    const reads = [1, 2, 3].map((id) => watched(cache.get(id)));
    await elapse(clock, 5);
    expect(reads.map(({ state }) => state)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(reads[1]?.error).toBe(missing);
    expect(await cache.has(2)).toBe(false);
  });

  it('fails for all keys when it fails, and the next call tries again', async () => {
    const { clock, cache, loadMany } = givenUsers();
    const failure = new Error('no database');
    loadMany.mockRejectedValueOnce(failure);
    const reads = [1, 2].map((id) => watched(cache.get(id)));
    await elapse(clock, 5);
    expect(reads.map(({ error }) => error)).toEqual([failure, failure]);
    const again = cache.get(1);
    await elapse(clock, 5);
    expect(await again).toBe('user 1');
  });

  it.each([
    ['an array that is too short', ['only one']],
    ['an array that is too long', ['one', 'two', 'three']],
    ['an object', { 1: 'one', 2: 'two' }],
    ['nothing', undefined],
  ])('is refused with a clear error when it returns %s', async (_, answer) => {
    const { clock, cache } = givenUsers(async () => answer as never);
    const reads = [1, 2].map((id) => watched(cache.get(id)));
    await elapse(clock, 5);
    expect(reads.map(({ state }) => state)).toEqual(['rejected', 'rejected']);
    expect(String(reads[0]?.error)).toMatch(/loadMany must return a Map, or an array of 2 values/);
    expect(cache.metrics().entries).toBe(0);
  });

  it('is refused with a clear error when it throws before its first await', async () => {
    const failure = new TypeError('not an async function');
    const { clock, cache } = givenUsers(() => {
      throw failure;
    });
    const read = watched(cache.get(1));
    await elapse(clock, 5);
    expect(read.error).toBe(failure);
  });

  it('of different functions is not mixed', async () => {
    const clock = manualClock();
    const cache = createCache<string, string>({ clock });
    const load = (kind: string) => vi.fn(async (keys: readonly string[]) => keys.map((key) => `${kind} ${key}`));
    const [users, orders] = [load('user'), load('order')];
    const reads = [cache.get('u1', { loadMany: users }), cache.get('o1', { loadMany: orders })];
    await elapse(clock, 5);
    expect(await Promise.all(reads)).toEqual(['user u1', 'order o1']);
    expect([users.mock.calls, orders.mock.calls]).toEqual([[[['u1']]], [[['o1']]]]);
  });

  it('loads again what was invalidated while it ran, and stores nothing old', async () => {
    const clock = manualClock();
    const loadMany = heldTool<[readonly number[]], readonly string[]>();
    const cache = createCache<number, string>({ clock, loadMany });
    const early = cache.get(1, { loadMany, resources: 'users' });
    await elapse(clock, 5);
    const batch = await loadMany.call(0);
    await cache.invalidate('users');
    const late = cache.get(1, { loadMany, resources: 'users' });
    await elapse(clock, 5);
    (await loadMany.call(1)).answer(['new']);
    batch.answer(['old']);
    expect(await Promise.all([early, late])).toEqual(['old', 'new']);
    expect(await cache.get(1)).toBe('new');
  });

  it('lets every key of the batch depend on what it reads from the cache', async () => {
    const clock = manualClock();
    const cache = createCache<string, string>({ clock });
    const loadMany = async (keys: readonly string[]): Promise<string[]> => {
      const currency = await cache.get('currency', { load: () => 'EUR', resources: 'config' });
      return keys.map((key) => `${key} in ${currency}`);
    };
    const reads = [cache.get('a', { loadMany }), cache.get('b', { loadMany })];
    await elapse(clock, 5);
    expect(await Promise.all(reads)).toEqual(['a in EUR', 'b in EUR']);
    await cache.invalidate('config');
    expect([await cache.has('a'), await cache.has('b')]).toEqual([false, false]);
  });

  it('that asks the cache for a key it is loading does not wait for ever', async () => {
    const clock = manualClock();
    const cache = createCache<string, string>({ clock });
    const loadMany = async (keys: readonly string[]): Promise<string[]> => {
      const last = await cache.get('b', { loadMany });
      return keys.map((key) => key + last);
    };
    const reads = [cache.get('a', { loadMany }), cache.get('b', { loadMany })].map(watched);
    await elapse(clock, 5);
    expect(reads.map(({ state }) => state)).toEqual(['rejected', 'rejected']);
  });
});
