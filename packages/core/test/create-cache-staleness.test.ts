import { afterEach, describe, expect, it, vi } from 'vitest';

import { createCache, type CacheOptions } from '../src/index.ts';
import { manualClock } from '../src/testing/index.ts';
import { eventLog } from './event-log.ts';
import { heldTool } from './held-tool.ts';
import { quiescence } from './quiescence.ts';

afterEach(() => vi.restoreAllMocks());

/** Sets up a cache with one loaded value, at time 0. */
async function givenValue(options: CacheOptions<string, string>) {
  const clock = manualClock();
  const log = eventLog();
  const load = heldTool<[string], string>();
  const cache = createCache<string, string>({ clock, onEvent: log.listener, load, ttl: '60s', ...options });
  const first = cache.get('k', { load, resources: 'data' });
  (await load.call(0)).answer('old');
  await first;
  const get = (): Promise<string> => cache.get('k', { load, resources: 'data' });
  return { clock, log, load, cache, get };
}

describe('staleWhileRevalidate', () => {
  it('answers past the ttl at once and loads behind the caller, once', async () => {
    const { clock, log, load, get, cache } = await givenValue({ staleWhileRevalidate: '30s' });
    await clock.advance(60_000);
    log.clear();
    expect([await get(), await get(), await get()]).toEqual(['old', 'old', 'old']);
    await quiescence();
    expect(load.calls).toHaveLength(2);
    (await load.call(1)).answer('new');
    await quiescence();
    expect(await get()).toBe('new');
    expect(log.of('cache-stale')).toHaveLength(3);
    expect(log.of('cache-stale')[0]).toMatchObject({ mode: 'while-revalidate', ageMs: 60_000 });
    expect(log.of('cache-miss')).toMatchObject([{ background: true }]);
    expect(cache.metrics()).toMatchObject({ stale: 3, hits: 1, misses: 1 });
  });

  it('ends with its window', async () => {
    const { clock, load, get } = await givenValue({ staleWhileRevalidate: '30s' });
    await clock.advance(90_000);
    const reading = get();
    (await load.call(1)).answer('new');
    expect(await reading).toBe('new');
  });

  it('never serves an invalidated value', async () => {
    const { clock, load, get, cache } = await givenValue({ staleWhileRevalidate: '30s' });
    await clock.advance(60_000);
    await cache.invalidate('data');
    const reading = get();
    (await load.call(1)).answer('new');
    expect(await reading).toBe('new');
  });

  it('keeps the value when the load behind the caller fails, and tries again', async () => {
    const { clock, load, get } = await givenValue({ staleWhileRevalidate: '30s' });
    await clock.advance(60_000);
    expect(await get()).toBe('old');
    (await load.call(1)).fail(new Error('no database'));
    await quiescence();
    expect(await get()).toBe('old');
    (await load.call(2)).answer('new');
    await quiescence();
    expect(await get()).toBe('new');
  });

  it('does not bring back a value that was invalidated while it was loaded again', async () => {
    const { clock, load, get, cache } = await givenValue({ staleWhileRevalidate: '30s' });
    await clock.advance(60_000);
    expect(await get()).toBe('old');
    const refresh = await load.call(1);
    await cache.invalidate('data');
    refresh.answer('from before the invalidation');
    await quiescence();
    const reading = get();
    (await load.call(2)).answer('new');
    expect(await reading).toBe('new');
  });

  it('is off by default', async () => {
    const { clock, load, get } = await givenValue({});
    await clock.advance(60_000);
    const reading = get();
    (await load.call(1)).answer('new');
    expect(await reading).toBe('new');
  });
});

describe('staleIfError', () => {
  it('answers with the old value when the load fails, to everybody who waits', async () => {
    const { clock, log, load, get, cache } = await givenValue({ staleIfError: '1h' });
    await clock.advance(120_000);
    const readings = [get(), get()];
    (await load.call(1)).fail(new Error('no database'));
    expect(await Promise.all(readings)).toEqual(['old', 'old']);
    expect(log.of('cache-stale')).toMatchObject([{ mode: 'if-error' }, { mode: 'if-error' }]);
    expect(cache.metrics()).toMatchObject({ stale: 2, errors: 1 });
  });

  it('waits for the load, and prefers it', async () => {
    const { clock, load, get } = await givenValue({ staleIfError: '1h' });
    await clock.advance(120_000);
    const reading = get();
    (await load.call(1)).answer('new');
    expect(await reading).toBe('new');
  });

  it('ends with its window: then the error is the answer', async () => {
    const { clock, load, get } = await givenValue({ staleIfError: '1h' });
    await clock.advance(3_660_000);
    const failure = new Error('no database');
    const reading = get();
    (await load.call(1)).fail(failure);
    await expect(reading).rejects.toBe(failure);
  });

  it.each(['before', 'during'])('never serves a value that was invalidated %s the load', async (moment) => {
    const { clock, load, get, cache } = await givenValue({ staleIfError: '1h' });
    await clock.advance(120_000);
    if (moment === 'before') await cache.invalidate('data');
    const failure = new Error('no database');
    const reading = get();
    const reload = await load.call(1);
    if (moment === 'during') await cache.invalidate('data');
    reload.fail(failure);
    await expect(reading).rejects.toBe(failure);
  });

  it('does not answer a caller that has stopped waiting', async () => {
    const { clock, load, cache } = await givenValue({ staleIfError: '1h' });
    await clock.advance(120_000);
    const controller = new AbortController();
    const reading = cache.get('k', { load, signal: controller.signal });
    await load.call(1);
    controller.abort(new Error('stop'));
    await expect(reading).rejects.toThrow('stop');
  });
});

describe('earlyRefresh', () => {
  /** Draws 0.9 for every entry, so that with a load of 10 s the refresh is due 10 s * ln(10), about 23 s, before the end. */
  async function givenSlowValue(earlyRefresh: boolean | number) {
    vi.spyOn(Math, 'random').mockReturnValue(0.9);
    const clock = manualClock();
    const log = eventLog();
    const load = heldTool<[string], string>();
    const cache = createCache<string, string>({ clock, onEvent: log.listener, load, ttl: '60s', earlyRefresh });
    const first = cache.get('k');
    const loading = await load.call(0);
    await clock.advance(10_000);
    loading.answer('old');
    await first;
    return { clock, log, load, cache };
  }

  it('loads behind the caller shortly before the ttl is over', async () => {
    const { clock, log, load, cache } = await givenSlowValue(true);
    await clock.advance(36_900);
    expect(await cache.get('k')).toBe('old');
    await quiescence();
    expect(load.calls).toHaveLength(1);
    await clock.advance(200);
    log.clear();
    expect(await cache.get('k')).toBe('old');
    expect(await cache.get('k')).toBe('old');
    (await load.call(1)).answer('new');
    await quiescence();
    expect(await cache.get('k')).toBe('new');
    expect(load.calls).toHaveLength(2);
    expect(log.of('cache-miss')).toMatchObject([{ reason: 'refresh', background: true }]);
    expect(log.of('cache-stale')).toEqual([]);
  });

  it('is scaled by a number', async () => {
    const { clock, load, cache } = await givenSlowValue(0.5);
    await clock.advance(48_400);
    await cache.get('k');
    await quiescence();
    expect(load.calls).toHaveLength(1);
    await clock.advance(200);
    await cache.get('k');
    await quiescence();
    expect(load.calls).toHaveLength(2);
  });

  it.each([false, 0])('does not happen with %o', async (earlyRefresh) => {
    const { clock, load, cache } = await givenSlowValue(earlyRefresh);
    await clock.advance(59_999);
    await cache.get('k');
    await quiescence();
    expect(load.calls).toHaveLength(1);
  });

  it('does not hide a fresh value from a caller without a loader', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.9);
    const clock = manualClock();
    const cache = createCache<string, string>({ clock, ttl: '60s', earlyRefresh: true });
    const load = heldTool<[string], string>();
    const first = cache.get('k', { load });
    const loading = await load.call(0);
    await clock.advance(10_000);
    loading.answer('value');
    await first;
    await clock.advance(50_000);
    expect(await cache.has('k')).toBe(true);
    expect(await cache.get('k')).toBe('value');
  });
});
