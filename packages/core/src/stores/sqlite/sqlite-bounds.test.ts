import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { scratchFolder } from '../../../test/scratch-folder.ts';
import type { Store } from '../../store/store.ts';
import { manualClock, type ManualClock } from '../../testing/manual-clock.ts';
import { StoreClient } from '../../testing/store-client.ts';
import type { SqliteStoreOptions } from './sqlite-options.ts';
import { sqliteStore } from './sqlite-store.ts';

let path: string;
let clock: ManualClock;

beforeEach(() => {
  path = join(scratchFolder(), 'agent.db');
  clock = manualClock(1_700_000_000_000);
});

function open(options: Partial<SqliteStoreOptions> = {}): Store {
  const store = sqliteStore({ path, clock, ...options });
  onTestFinished(() => store.close());
  return store;
}

function clientOf(store: Store, namespace = 'shop'): StoreClient {
  return new StoreClient(store.entries(namespace, { maxStalenessMs: 0 }));
}

/** Lists which of the keys are hits for somebody who has no copies. */
async function kept(keys: readonly string[]): Promise<string[]> {
  const reader = clientOf(open({ maxCopies: 0 }));
  const found: string[] = [];
  for (const key of keys) if ((await reader.entries.inspect({ key })).state === 'fresh') found.push(key);
  return found;
}

function rows(sql: string): unknown[] {
  const connection = new DatabaseSync(path);
  try {
    return connection
      .prepare(sql)
      .all()
      .map((row) => Object.values(row)[0]);
  } finally {
    connection.close();
  }
}

describe('the bounds of a file', () => {
  it('let go of what was stored longest ago, where nothing was read', async () => {
    const client = clientOf(open({ maxEntries: 3 }));
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      await client.put(key, key);
      await clock.advance(1);
    }
    expect(await kept(['a', 'b', 'c', 'd', 'e'])).toEqual(['c', 'd', 'e']);
    expect(client.entries.stats()).toMatchObject({ entries: 3, evictions: 2 });
  });

  it('spare what was read of late, also by another process and from its copies', async () => {
    const client = clientOf(open({ maxEntries: 3 }));
    const other = clientOf(open());
    for (const key of ['a', 'b', 'c']) {
      await client.put(key, key, { ttlMs: 3_600_000 });
      await clock.advance(1);
    }
    await clock.advance(60_000);
    await client.assertHit('a', 'a');
    await other.assertHit('b', 'b');
    await clock.advance(60_000);
    await client.put('d', 'd');
    expect(await kept(['a', 'b', 'c', 'd'])).toEqual(['a', 'b', 'd']);
  });

  it('count bytes, and those of all namespaces together', async () => {
    const store = open({ maxBytes: 10_000 });
    const [one, two] = [clientOf(store, 'one'), clientOf(store, 'two')];
    for (let index = 0; index < 5; index += 1) {
      await one.put(`key ${index}`, 'x'.repeat(1_000));
      await clock.advance(1);
    }
    await two.put('large', 'x'.repeat(8_000));
    const sum = one.entries.stats().bytes + two.entries.stats().bytes;
    expect(sum).toBeLessThanOrEqual(10_000);
    expect(sum).toBeGreaterThan(8_000);
    expect(one.entries.stats()).toMatchObject({ entries: 1, evictions: 4 });
    expect(two.entries.stats()).toMatchObject({ entries: 1, evictions: 0 });
  });

  it('refuse what is too large for the file, and leave nothing older behind', async () => {
    const client = clientOf(open({ maxBytes: 2_000 }));
    await client.put('key', 'small');
    expect(await (await client.lead('key', { refresh: true })).commit('x'.repeat(3_000))).toBe('too-large');
    await client.assertHit('key', 'small');
    await client.put('key', 'x'.repeat(3_000));
    await client.assertGone('key');
    const none = clientOf(open({ maxEntries: 0 }));
    expect(await (await none.lead('other')).commit(1)).toBe('too-large');
  });

  it('remember a bounded number of tags, and forget them on the safe side', async () => {
    const client = clientOf(open({ maxTags: 20 }));
    await client.keep('old', 1, { tags: ['first'] });
    const load = await client.lead('loading', { tags: ['first'] });
    await client.entries.invalidate(['first']);
    await client.keep('young', 1, { tags: ['last'] });
    for (let index = 0; index < 25; index += 1) await client.entries.invalidate([`tag ${index}`]);
    expect(rows('SELECT count(*) FROM tag')[0]).toBeLessThanOrEqual(20);
    expect(rows('SELECT tags FROM namespace')).toEqual(rows('SELECT count(*) FROM tag'));
    expect(rows(`SELECT count(*) FROM tag WHERE tag = 'first'`)).toEqual([0]);
    await client.assertGone('old');
    expect(await load.commit('old')).toBe('invalidated');
    await client.keep('young', 2, { tags: ['last', 'first'] });
    await client.assertHit('young', 2, { tags: ['last', 'first'] });
  });

  it('forget no barrier that is open', async () => {
    const client = clientOf(open({ maxTags: 5 }));
    const close = await client.openBarrier('write', [['cart']], 60_000);
    for (let index = 0; index < 50; index += 1) await client.entries.invalidate([`tag ${index}`]);
    expect(await (await client.lead('cart', { reads: [['cart']] })).commit('old')).toBe('invalidated');
    await close();
    await client.keep('cart', 'new', { reads: [['cart']] });
  });
});

describe('sweeping', () => {
  it('deletes a hundred thousand expired entries in small steps, and spares the others', async () => {
    const store = open({ maxEntries: Infinity });
    const client = clientOf(store);
    await client.put('short', 'x', { ttlMs: 1_000 });
    await client.put('long', 'y', { ttlMs: 3_600_000 });
    const connection = new DatabaseSync(path);
    connection.exec(`
      WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 100000)
      INSERT INTO entry (namespace, key, stamp, tags, stored_at, fresh_until, expires_at, used_at, load_ms, bytes, value)
      SELECT namespace, 'key ' || n, stamp, tags, stored_at, fresh_until, expires_at, used_at, load_ms, bytes, value
        FROM entry, number
       WHERE expires_at = ${clock.now() + 1_000};
    `);
    connection.close();
    expect(client.entries.stats().entries).toBe(100_002);
    await clock.advance(30_000);
    const afterOne = client.entries.stats().entries;
    expect(afterOne).toBeLessThan(100_002);
    expect(afterOne).toBeGreaterThan(90_000);
    await clock.advance(1_000);
    expect(client.entries.stats()).toMatchObject({ entries: 1, expirations: 100_001 });
    await client.assertHit('long', 'y');
  });

  it('spares what is retained past its ttl until that is over, too', async () => {
    const client = clientOf(open());
    await client.put('cart', 1, { ttlMs: 1_000, retainMs: 60_000 });
    await clock.advance(45_000);
    expect(client.entries.stats().entries).toBe(1);
    await clock.advance(60_000);
    expect(client.entries.stats().entries).toBe(0);
  });

  it('forgets the leases of those who are gone', async () => {
    const client = clientOf(open({ maxLoad: '1m' }));
    await client.lead('cart');
    await clock.advance(120_000);
    expect(rows('SELECT count(*) FROM lease')).toEqual([0]);
  });

  it('goes on after a failure', async () => {
    const client = clientOf(open({ busyTimeout: 1 }));
    await client.put('cart', 1, { ttlMs: 1_000 });
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    await clock.advance(40_000);
    expect(client.entries.stats().entries).toBe(1);
    other.exec('COMMIT');
    other.close();
    await clock.advance(40_000);
    expect(client.entries.stats().entries).toBe(0);
  });
});

it('clears a large namespace at once, and deletes it in small steps', async () => {
  const client = clientOf(open());
  for (let index = 0; index < 1_200; index += 1) await client.put(`key ${index}`, index);
  const cleared = client.entries.clear();
  expect(client.entries.peek({ key: 'key 7' })).toBeUndefined();
  expect((await client.entries.inspect({ key: 'key 1000' })).state).not.toBe('fresh');
  await client.put('new', 1);
  await cleared;
  expect(client.entries.stats().entries).toBe(1);
  await client.assertHit('new', 1);
});
