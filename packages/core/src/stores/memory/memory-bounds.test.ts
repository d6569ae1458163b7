import { describe, expect, it } from 'vitest';

import { InvalidOptionError } from '../../errors.ts';
import { manualClock } from '../../testing/manual-clock.ts';
import { StoreClient } from '../../testing/store-client.ts';
import { memoryStore, type MemoryStoreOptions } from './memory-store.ts';

function given(options: MemoryStoreOptions = {}) {
  const clock = manualClock();
  const store = memoryStore({ clock, ...options });
  const open = (namespace: string): StoreClient => new StoreClient(store.entries(namespace, { maxStalenessMs: 0 }));
  return { clock, store, open, client: open('shop') };
}

function kept(client: StoreClient, keys: string): string {
  return [...keys].filter((key) => client.entries.peek({ key }) !== undefined).join('');
}

/** Is what a read is answered with from the store; undefined when it is not. */
async function valueOf({ entries }: StoreClient, key: string, tags: readonly string[] = []): Promise<unknown> {
  const acquired = await entries.acquire({ address: { key }, tags, isolation: 'copy', refresh: false });
  if (acquired.kind === 'lead') await entries.release(acquired.lease);
  return acquired.kind === 'hit' ? acquired.entry.snapshot.open() : undefined;
}

async function bytesOfOne(value: unknown): Promise<number> {
  const { client } = given();
  await client.keep('a', value);
  return client.entries.stats().bytes;
}

describe('the bounds of a memory store', () => {
  it('keeps as many entries as it may, and counts those that had to go', async () => {
    const { client } = given({ maxEntries: 3 });
    for (const key of 'abcde') await client.keep(key, key);
    expect(client.entries.stats()).toMatchObject({ entries: 3, evictions: 2 });
    expect(kept(client, 'abcde')).toBe('cde');
  });

  it('keeps as many bytes as it may', async () => {
    const value = 'x'.repeat(1_000);
    const bytes = await bytesOfOne(value);
    const { client } = given({ maxBytes: 3 * bytes });
    for (const key of 'abcde') await client.keep(key, value);
    expect(client.entries.stats()).toEqual({ entries: 3, bytes: 3 * bytes, evictions: 2, expirations: 0 });
  });

  it('refuses what is larger than all of it, and keeps the rest', async () => {
    const { client } = given({ maxBytes: 2_000 });
    await client.keep('small', 1);
    const load = await client.lead('large');
    expect(await load.commit('x'.repeat(5_000))).toBe('too-large');
    expect(await valueOf(client, 'large')).toBeUndefined();
    expect(await valueOf(client, 'small')).toBe(1);
    expect(client.entries.stats()).toMatchObject({ entries: 1, evictions: 0 });
  });

  it('keeps no older value in the place of one that is too large', async () => {
    const { client } = given({ maxBytes: 2_000 });
    await client.put('cart', 'small');
    await client.put('cart', 'x'.repeat(5_000));
    expect(await valueOf(client, 'cart')).toBeUndefined();
  });

  it('stores nothing where there is room for nothing, and loads run once all the same', async () => {
    for (const options of [{ maxEntries: 0 }, { maxBytes: 0 }]) {
      const { client, clock } = given(options);
      const load = await client.lead('cart');
      expect((await client.follow('cart')).leaseId).toBe(load.lease.id);
      expect(await load.commit(1)).toBe('too-large');
      await client.put('cart', 2);
      expect(await valueOf(client, 'cart')).toBeUndefined();
      expect(client.entries.stats()).toEqual({ entries: 0, bytes: 0, evictions: 0, expirations: 0 });
      expect(clock.pending()).toBe(0);
    }
  });

  it('keeps what is read while things that nobody reads pass through', async () => {
    const { client } = given({ maxEntries: 10 });
    for (const key of 'ABCDE') await client.keep(key, key);
    for (let index = 0; index < 200; index += 1) {
      for (const key of 'ABCDE') client.entries.peek({ key });
      await client.keep(`scanned ${index}`, index);
    }
    expect(kept(client, 'ABCDE')).toBe('ABCDE');
  });

  it('lets an entry that is renewed keep the protection of having been read', async () => {
    const { client } = given({ maxEntries: 2 });
    await client.keep('often', 1);
    client.entries.peek({ key: 'often' });
    await (await client.lead('often', { refresh: true })).commit(2);
    await client.keep('once', 3);
    await client.keep('new', 4);
    expect(client.entries.peek({ key: 'often' })?.snapshot.open()).toBe(2);
    expect(client.entries.peek({ key: 'once' })).toBeUndefined();
  });

  it('protects by no look at what is not served', async () => {
    const { client } = given({ maxEntries: 2 });
    await client.keep('dead', 1, { tags: ['cart'] });
    await client.keep('alive', 2);
    await client.entries.invalidate(['cart']);
    client.entries.peek({ key: 'dead' });
    await client.entries.inspect({ key: 'dead' });
    await client.keep('new', 3);
    expect(await valueOf(client, 'alive')).toBe(2);
  });

  it('hold for all namespaces together, which count their own', async () => {
    const { client, open } = given({ maxEntries: 3 });
    const other = open('other');
    await other.keep('a', 1);
    await other.keep('b', 2);
    for (const key of 'cde') await client.keep(key, key);
    expect(other.entries.stats()).toMatchObject({ entries: 0, bytes: 0, evictions: 2 });
    expect(client.entries.stats()).toMatchObject({ entries: 3, evictions: 0 });
  });

  it('let a session end cleanly whose entries have been evicted', async () => {
    const { client } = given({ maxEntries: 1 });
    const session = await client.openSession('s1');
    await client.keep('a', 1, { session });
    await client.keep('b', 2);
    await client.endSession(session);
    expect(await valueOf(client, 'b')).toBe(2);
    expect(client.entries.stats()).toMatchObject({ entries: 1, evictions: 1 });
  });

  it.each([
    ['maxEntries', -1],
    ['maxEntries', 1.5],
    ['maxEntries', NaN],
    ['maxBytes', -1],
    ['maxBytes', '1 MB'],
    ['maxTags', 0],
    ['sweepInterval', 0],
    ['sweepInterval', 'soon'],
  ])('cannot be %s: %s', (option, value) => {
    expect(() => memoryStore({ [option]: value })).toThrow(InvalidOptionError);
    expect(() => memoryStore({ [option]: value })).toThrow(option);
  });

  it('may be infinite', async () => {
    const { client } = given({ maxEntries: Infinity, maxBytes: Infinity, maxTags: Infinity });
    await client.keep('cart', 1);
    expect(await valueOf(client, 'cart')).toBe(1);
  });
});

describe('the sweep of a memory store', () => {
  it('removes what has expired, without anybody asking for it, and counts it', async () => {
    const { client, clock } = given({ sweepInterval: '10s' });
    await client.keep('short', 1, { ttlMs: 5_000 });
    await client.keep('retained', 2, { ttlMs: 5_000, retainMs: 10_000 });
    await client.keep('long', 3, { ttlMs: 60_000 });
    await clock.advance(9_999);
    expect(client.entries.stats()).toMatchObject({ entries: 3, expirations: 0 });
    await clock.advance(1);
    expect(client.entries.stats()).toMatchObject({ entries: 2, expirations: 1 });
    expect((await client.entries.inspect({ key: 'short' })).state).toBe('absent');
    expect((await client.entries.inspect({ key: 'retained' })).state).toBe('expired');
    await clock.advance(10_000);
    expect(client.entries.stats()).toMatchObject({ entries: 1, expirations: 2, evictions: 0 });
  });

  it('comes every 30 seconds by default, and of every namespace', async () => {
    const { client, open, clock } = given();
    await client.keep('here', 1, { ttlMs: 1 });
    await open('other').keep('there', 1, { ttlMs: 1 });
    await clock.advance(29_999);
    expect(client.entries.stats().entries).toBe(1);
    await clock.advance(1);
    expect(client.entries.stats().entries).toBe(0);
    expect(open('other').entries.stats()).toMatchObject({ entries: 0, expirations: 1 });
  });

  it('sets no timer while there is nothing to sweep, and never more than one', async () => {
    const { client, clock } = given({ sweepInterval: '10s' });
    expect(clock.pending()).toBe(0);
    for (const key of 'abc') await client.keep(key, 1, { ttlMs: 1_000 });
    expect(clock.pending()).toBe(1);
    await clock.advance(10_000);
    expect(clock.pending()).toBe(0);
    await client.keep('a', 2);
    expect(clock.pending()).toBe(1);
  });

  it('stops when the store is closed', async () => {
    const { client, store, clock } = given();
    await client.keep('a', 1);
    await store.close();
    await store.close();
    expect(clock.pending()).toBe(0);
    expect(client.entries.stats()).toMatchObject({ entries: 0, bytes: 0 });
  });

  it('takes the time from any clock, also from one whose methods need their object', async () => {
    class Stopwatch {
      #time = 1_000;
      now(): number {
        return this.#time;
      }
      after(): () => void {
        this.#time += 0;
        return () => undefined;
      }
    }
    const { client } = given({ clock: new Stopwatch() });
    const close = await client.openBarrier('write', [['cart']], 1_000);
    expect(await valueOf(client, 'cart', ['*g:cart/'])).toBeUndefined();
    await close();
    await client.keep('cart', 1, { reads: [['cart']] });
    expect(await valueOf(client, 'cart', ['*g:cart/'])).toBe(1);
  });
});

describe('the memory of a memory store for invalidations', () => {
  it('may be small: what was forgotten is a miss, never a stale hit', async () => {
    const { client } = given({ maxTags: 5 });
    await client.keep('stale', 'old', { tags: ['tag 0'] });
    await client.keep('innocent', 1, { tags: ['never invalidated'] });
    for (let index = 0; index < 50; index += 1) await client.entries.invalidate([`tag ${index}`]);
    expect(await valueOf(client, 'stale')).toBeUndefined();
    expect(await valueOf(client, 'innocent')).toBeUndefined();
    await client.keep('innocent', 2, { tags: ['never invalidated'] });
    expect(await valueOf(client, 'innocent')).toBe(2);
  });

  it('is not used up by sessions that come and go', async () => {
    const { client } = given({ maxTags: 5 });
    await client.keep('cart', 1, { tags: ['cart'] });
    for (let index = 0; index < 100; index += 1) {
      const session = await client.openSession(`s${index}`);
      await client.entries.invalidate([`s:${index}`], session);
      await client.endSession(session);
    }
    expect(await valueOf(client, 'cart')).toBe(1);
  });
});
