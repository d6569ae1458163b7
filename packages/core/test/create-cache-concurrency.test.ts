import { describe, expect, it, vi } from 'vitest';

import { createCache } from '../src/index.ts';
import { manualClock } from '../src/testing/index.ts';
import { heldTool } from './held-tool.ts';
import { quiescence } from './quiescence.ts';

describe('a cache under concurrent use', () => {
  it('loads different keys side by side', async () => {
    const cache = createCache<string, string>();
    const load = heldTool<[string], string>();
    const reads = ['a', 'b', 'c'].map((key) => cache.get(key, { load }));
    await quiescence();
    expect(load.calls.map(({ args }) => args[0])).toEqual(['a', 'b', 'c']);
    for (const { args, answer } of load.calls) answer(`value of ${args[0]}`);
    expect(await Promise.all(reads)).toEqual(['value of a', 'value of b', 'value of c']);
  });

  it('gives every reader a value that was true when it asked or later', async () => {
    const cache = createCache<string, number>();
    let truth = 0;
    const readers: Promise<void>[] = [];
    for (let round = 1; round <= 200; round += 1) {
      const asked = truth;
      const read = cache.get('k', { load: async () => truth });
      readers.push(read.then((value) => expect(value).toBeGreaterThanOrEqual(asked)));
      truth = round;
      if (round % 3 === 0) await cache.set('k', truth);
      else if (round % 3 === 1) await cache.delete('k');
      else await cache.clear();
    }
    await Promise.all(readers);
    expect(await cache.get('k', { load: async () => truth })).toBe(200);
  });

  it('answers everybody while it is cleared again and again', async () => {
    const cache = createCache<number, number>();
    const load = vi.fn(async (key: number) => key * 2);
    const reads: Promise<number>[] = [];
    for (let index = 0; index < 300; index += 1) {
      reads.push(cache.get(index % 10, { load }));
      if (index % 7 === 0) await cache.clear();
    }
    expect(await Promise.all(reads)).toEqual(Array.from({ length: 300 }, (_, index) => (index % 10) * 2));
  });

  it('counts exactly', async () => {
    const cache = createCache<number, number>();
    const load = async (key: number): Promise<number> => key;
    await Promise.all(Array.from({ length: 1_000 }, (_, index) => cache.get(index % 10, { load })));
    await Promise.all(Array.from({ length: 1_000 }, (_, index) => cache.get(index % 10, { load })));
    expect(cache.metrics()).toMatchObject({ misses: 10, coalesced: 990, hits: 1_000, entries: 10, upstreamCalls: 10 });
  });

  it('goes on counting after it was cleared', async () => {
    const cache = createCache<string, number>();
    await cache.get('k', { load: () => 1 });
    await cache.get('k');
    await cache.clear();
    expect(cache.metrics()).toMatchObject({ hits: 1, misses: 1, entries: 0, bytes: 0 });
    await cache.get('k', { load: () => 1 });
    expect(cache.metrics()).toMatchObject({ hits: 1, misses: 2, entries: 1 });
  });

  it('may be unbounded', async () => {
    const cache = createCache<number, number>({ maxEntries: Infinity, maxBytes: Infinity });
    for (let key = 0; key < 20_000; key += 1) await cache.set(key, key);
    expect(cache.metrics()).toMatchObject({ entries: 20_000, evictions: 0 });
  });
});

describe('a failure that nobody waits for', () => {
  it('is not an unhandled rejection, whether the caller has gone or the load ran behind it', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const clock = manualClock();
    const cache = createCache<string, number>({ clock, ttl: '1s', staleWhileRevalidate: '1h' });
    const load = heldTool<[string], number>();
    const controller = new AbortController();
    const leaving = cache.get('k', { load, signal: controller.signal });
    const call = await load.call(0);
    controller.abort(new Error('gone'));
    await expect(leaving).rejects.toThrow('gone');
    call.fail(new Error('nobody hears this'));
    await cache.set('k', 1);
    await clock.advance(2_000);
    expect(await cache.get('k', { load })).toBe(1);
    (await load.call(1)).fail(new Error('nor this'));
    await quiescence();
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    expect(await cache.get('k', { load })).toBe(1);
  });

  it('is thrown at each of those who do wait, once', async () => {
    const cache = createCache<string, number>();
    const failure = new Error('no');
    const reads = Array.from({ length: 10 }, () => cache.get('k', { load: () => Promise.reject(failure) }));
    const seen = await Promise.allSettled(reads);
    expect(seen.every((each) => each.status === 'rejected' && each.reason === failure)).toBe(true);
    expect(await cache.get('k', { load: () => 1 })).toBe(1);
  });
});
