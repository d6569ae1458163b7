import { describe, expect, it, vi } from 'vitest';

import { createCache, type Isolation } from '../src/index.ts';
import { manualClock } from '../src/testing/index.ts';
import { eventLog } from './event-log.ts';
import { heldTool } from './held-tool.ts';

describe('the bounds of a cache', () => {
  it('hold for the number of entries', async () => {
    const cache = createCache<number, string>({ maxEntries: 3 });
    for (let key = 0; key < 10; key += 1) await cache.set(key, `value ${key}`);
    expect(cache.metrics()).toMatchObject({ entries: 3, evictions: 7 });
    expect(await cache.get(9)).toBe('value 9');
  });

  it('keep what is read over what is not', async () => {
    const cache = createCache<string, number>({ maxEntries: 2 });
    await cache.set('popular', 1);
    await cache.set('unread', 2);
    await cache.get('popular');
    await cache.set('new', 3);
    expect([await cache.has('popular'), await cache.has('unread')]).toEqual([true, false]);
  });

  it('are blind to has: asking protects nothing and counts nothing', async () => {
    const cache = createCache<string, number>({ maxEntries: 2 });
    await cache.set('asked about', 1);
    await cache.set('other', 2);
    await cache.has('asked about');
    await cache.has('never there');
    await cache.set('new', 3);
    expect([await cache.has('asked about'), await cache.has('other')]).toEqual([false, true]);
    expect(cache.metrics()).toMatchObject({ hits: 0, misses: 0 });
  });

  it('of 0 entries store nothing, and concurrent loads are shared all the same', async () => {
    const log = eventLog();
    const cache = createCache<string, string>({ maxEntries: 0, onEvent: log.listener });
    const load = heldTool<[string], string>();
    const reads = [cache.get('k', { load }), cache.get('k', { load })];
    (await load.call(0)).answer('value');
    expect(await Promise.all(reads)).toEqual(['value', 'value']);
    await cache.set('k', 'set');
    expect(await cache.get('k')).toBeUndefined();
    expect(cache.metrics().entries).toBe(0);
    expect(log.of('entry-rejected')).toMatchObject([{ reason: 'too-large' }]);
  });

  it('hold for the size', async () => {
    const log = eventLog();
    const cache = createCache<number, string>({ maxBytes: 20_000, onEvent: log.listener });
    for (let key = 0; key < 20; key += 1) await cache.set(key, 'x'.repeat(1_000));
    const { entries, bytes, evictions } = cache.metrics();
    expect(bytes).toBeLessThanOrEqual(20_000);
    expect(entries).toBeGreaterThan(3);
    expect(entries + evictions).toBe(20);
    expect(await cache.get(-1, { load: () => 'x'.repeat(20_000) })).toHaveLength(20_000);
    expect(await cache.has(-1)).toBe(false);
    expect(log.of('entry-rejected')).toMatchObject([{ reason: 'too-large' }]);
  });

  it('make room for nothing when the value is too large: the old value goes all the same', async () => {
    const cache = createCache<string, string>({ maxBytes: 2_000 });
    await cache.set('k', 'small');
    await cache.set('other', 'small');
    await cache.set('k', 'x'.repeat(2_000));
    expect([await cache.get('k'), await cache.get('other')]).toEqual([undefined, 'small']);
  });

  it('are never exceeded under load', async () => {
    const cache = createCache<number, number>({ maxEntries: 10 });
    await Promise.all(
      Array.from({ length: 500 }, async (_, index) => {
        const key = (index * 7) % 50;
        expect(await cache.get(key, { load: async () => key * 2 })).toBe(key * 2);
        expect(cache.metrics().entries).toBeLessThanOrEqual(10);
      }),
    );
    expect(cache.metrics().entries).toBe(10);
  });
});

describe('what a hit hands out', () => {
  interface Page {
    readonly tags: string[];
    readonly seen?: Date;
  }

  async function givenPage(isolation?: Isolation) {
    const page: Page = { tags: ['a'] };
    const cache = createCache<string, Page>(isolation === undefined ? {} : { isolation });
    const first = await cache.get('k', { load: () => page });
    return { page, cache, first };
  }

  it('is a copy of its own by default', async () => {
    const { page, cache, first } = await givenPage();
    expect(first).toBe(page);
    page.tags.push('by the loader');
    const [one, two] = [await cache.get('k'), await cache.get('k')];
    expect(one).toEqual({ tags: ['a'] });
    expect(one).not.toBe(two);
    one?.tags.push('by a reader');
    expect(await cache.get('k')).toEqual({ tags: ['a'] });
  });

  it('is one frozen object with "freeze"', async () => {
    const { page, cache } = await givenPage('freeze');
    const [one, two] = [await cache.get('k'), await cache.get('k')];
    expect(one).toBe(two);
    expect(one).not.toBe(page);
    expect(Object.isFrozen(one) && Object.isFrozen(one?.tags)).toBe(true);
    expect(Object.isFrozen(page)).toBe(false);
    expect(() => one?.tags.push('b')).toThrow(TypeError);
  });

  it('is a copy even with "freeze" where the value cannot be frozen', async () => {
    const cache = createCache<string, Page>({ isolation: 'freeze' });
    await cache.set('k', { tags: [], seen: new Date(0) });
    (await cache.get('k'))?.seen?.setTime(1);
    expect((await cache.get('k'))?.seen?.getTime()).toBe(0);
  });

  it('is the very object with "share", whatever it is', async () => {
    const { page, cache } = await givenPage('share');
    expect(await cache.get('k')).toBe(page);
    const functions = createCache<string, () => number>({ isolation: 'share' });
    const answer = (): number => 42;
    await functions.set('k', answer);
    expect(await functions.get('k')).toBe(answer);
  });

  it('is what the loader returned, type for type', async () => {
    const value = {
      date: new Date(5),
      map: new Map([['k', new Set([1n])]]),
      bytes: new Uint8Array([1, 2]),
      missing: undefined,
      nothing: null,
      odd: [NaN, -0, Infinity],
      url: new URL('https://example.com/'),
    };
    const cache = createCache();
    await cache.set('k', value);
    expect(await cache.get('k')).toStrictEqual(value);
  });

  it('is nothing where the value could not be kept as it is', async () => {
    const log = eventLog();
    const cache = createCache({ onEvent: log.listener });
    const load = vi.fn(() => ({ items: [{ run: () => 1 }] }));
    await cache.get('k', { load });
    await cache.get('k', { load });
    expect(load).toHaveBeenCalledTimes(2);
    expect(log.of('entry-rejected').at(0)).toMatchObject({ reason: 'not-encodable' });
    expect(log.of('entry-rejected').at(0)?.detail).toContain('$.items[0].run');
  });
});

describe('a closed cache', () => {
  it('lets go of its own store and leaves no timer behind', async () => {
    const clock = manualClock();
    const cache = createCache<string, number>({ clock });
    await cache.set('k', 1);
    await cache.close();
    expect(clock.pending()).toBe(0);
    expect(cache.metrics().entries).toBe(0);
    {
      await using block = createCache<string, number>({ clock });
      await block.set('k', 1);
    }
    expect(clock.pending()).toBe(0);
  });
});
