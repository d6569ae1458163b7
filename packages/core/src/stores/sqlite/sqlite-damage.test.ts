import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { scratchFolder } from '../../../test/scratch-folder.ts';
import { createToolCache } from '../../create-tool-cache.ts';
import { GLOBAL_TREE, readTags, writeTags } from '../../resource/resource-tags.ts';
import { StoreClient } from '../../testing/store-client.ts';
import { sqliteStore } from './sqlite-store.ts';

let path: string;

beforeEach(() => {
  path = join(scratchFolder(), 'agent.db');
});

function open(busyTimeout: number = 1_000) {
  const store = sqliteStore({ path, busyTimeout });
  onTestFinished(() => store.close());
  return store;
}

function connect(): DatabaseSync {
  const connection = new DatabaseSync(path);
  onTestFinished(() => connection.close());
  return connection;
}

describe('a value that cannot be read', () => {
  it.each(['', 'not a value', '[[', '{"a":', '[["Map",1]]'])('counts as absent: %j', async (text) => {
    const writer = new StoreClient(open().entries('shop', { maxStalenessMs: 0 }));
    const reader = new StoreClient(open().entries('shop', { maxStalenessMs: 0 }));
    await writer.put('cart', { items: 1 });
    connect().prepare('UPDATE entry SET value = ?').run(text);
    expect((await reader.entries.inspect({ key: 'cart' })).state).toBe('absent');
    const load = await reader.lead('cart');
    expect(load.reason).toBe('absent');
    expect(await load.commit({ items: 2 })).toBe('stored');
    await reader.assertHit('cart', { items: 2 });
    await writer.assertHit('cart', { items: 2 });
  });
});

describe('a file that is in the way', () => {
  it('keeps no tool from running: another program holds its lock', async () => {
    const cache = createToolCache({ store: open(1), namespace: 'shop' });
    const errors: string[] = [];
    cache.on((event) => event.type === 'store-error' && errors.push(event.operation));
    let version = 1;
    const get = cache.read(async () => version, { name: 'get', scope: 'global', resource: 'cart' });
    const change = cache.write(async () => (version += 1), { name: 'change', scope: 'global', invalidates: 'cart' });
    expect([await get(), await get()]).toEqual([1, 1]);
    const other = connect();
    other.exec('BEGIN IMMEDIATE');
    expect(await change()).toBe(2);
    expect([await get(), await get()]).toEqual([2, 2]);
    expect(errors).toEqual(expect.arrayContaining(['openBarrier', 'closeBarrier']));
    other.exec('COMMIT');
    expect(await get()).toBe(2);
    await cache.close();
  });

  it('keeps no tool from running: the store is closed', async () => {
    const store = open();
    const cache = createToolCache({ store, namespace: 'shop' });
    const get = cache.read(async () => 1, { name: 'get', scope: 'global' });
    await get();
    await store.close();
    expect(await get()).toBe(1);
    expect(cache.metrics().bypassed).toBe(1);
  });

  it('keeps no tool from running: the disk is full', async () => {
    const store = open();
    const cache = createToolCache({ store, namespace: 'shop' });
    const get = cache.read(async (id: number) => 'x'.repeat(10_000) + id, { name: 'get', scope: 'global' });
    await get(0);
    // Another connection cannot bound the pages of this one, so the table itself refuses as a full disk would.
    connect().exec(
      `CREATE TRIGGER full BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`,
    );
    for (let id = 1; id < 5; id += 1) expect(await get(id)).toBe('x'.repeat(10_000) + id);
    expect(cache.metrics()).toMatchObject({ misses: 5, hits: 0 });
    connect().exec('DROP TRIGGER full');
    await get(1);
    await get(1);
    expect(cache.metrics().hits).toBe(1);
    await cache.close();
  });
});

describe('any text', () => {
  it('will do for a resource: lone surrogates and NUL cost an invalidation too many at most', async () => {
    const client = new StoreClient(open().entries('shop', { maxStalenessMs: 0 }));
    const names = ['\ud800', '\udc00', 'a\0b', 'a', '\u{1f600}', '__proto__', "'; DROP TABLE tag; --", '%', '*'];
    for (const name of names) {
      for (const other of names) await client.put(other, other, { tags: readTags(GLOBAL_TREE, [[other]]) });
      await client.entries.invalidate(writeTags(GLOBAL_TREE, [[name]]));
      expect((await client.acquire(name)).kind).toBe('lead');
      for (const other of names.filter((each) => each !== name)) await client.assertHit(other, other);
    }
  });

  it('will do for a tag', async () => {
    const client = new StoreClient(open().entries('shop', { maxStalenessMs: 0 }));
    for (const tag of ['', '\0', 'a\0b', '\ud800', '"', '\\u0000', '[]', 'x'.repeat(10_000)]) {
      await client.put('cart', 1, { tags: [tag] });
      await client.entries.invalidate([tag]);
      await client.assertGone('cart');
      const close = await client.openBarrier('write', [], 60_000);
      await client.entries.openBarrier({ id: 'own', tags: [tag] }, 60_000);
      expect(await (await client.lead('cart', { tags: [tag] })).commit(1)).toBe('invalidated');
      await client.entries.closeBarrier({ id: 'own', tags: [tag] });
      await close();
      await client.keep('cart', 2, { tags: [tag] });
      await client.assertHit('cart', 2, { tags: [tag] });
    }
  });

  it('will do for a namespace', async () => {
    const store = open();
    const names = ['\ud800', '\udc00', 'a\0', 'a', '', ' ', "';"];
    for (const name of names) await new StoreClient(store.entries(name, { maxStalenessMs: 0 })).put('cart', name);
    for (const name of names) {
      const [entry] = [store.entries(name, { maxStalenessMs: 0 }).peek({ key: 'cart' })];
      expect(entry?.snapshot.open()).toBe(name);
    }
  });
});

it('holds one entry that depends on 20 resources, and 20 entries that depend on one', async () => {
  const [a, b] = [open(), open()].map((store) => new StoreClient(store.entries('shop', { maxStalenessMs: 0 })));
  const resources = Array.from({ length: 20 }, (_, index) => [`resource ${index}`]);
  for (const resource of resources) {
    await a?.put('one', 1, { reads: resources });
    await b?.invalidate([resource]);
    await a?.assertGone('one', { reads: resources });
  }
  for (const [index] of resources.entries()) await a?.put(`key ${index}`, index, { reads: [['shared']] });
  await b?.invalidate([['shared']]);
  for (const [index] of resources.entries()) await a?.assertGone(`key ${index}`, { reads: [['shared']] });
  expect(b?.entries.stats().entries).toBe(21);
});
