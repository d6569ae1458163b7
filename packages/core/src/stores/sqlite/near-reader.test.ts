import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { scratchFolder } from '../../../test/scratch-folder.ts';
import { manualClock, type ManualClock } from '../../testing/manual-clock.ts';
import { StoreClient } from '../../testing/store-client.ts';
import { openFile } from './open-file.ts';
import { SqliteDatabase } from './sqlite-database.ts';
import { resolveSqliteOptions, type SqliteStoreOptions } from './sqlite-options.ts';
import { storeOver } from './sqlite-store.ts';

const CART = { tags: ['cart'] };

/** Counts how often the file was looked at, and by what. */
class CountedDatabase extends SqliteDatabase {
  readonly asked = { dataVersion: 0, changes: 0, holds: 0, find: 0 };

  override dataVersion(): number {
    this.asked.dataVersion += 1;
    return super.dataVersion();
  }

  override prepare<Sql extends Readonly<Record<string, string>>>(sql: Sql) {
    const prepared = super.prepare(sql);
    for (const name of ['changes', 'holds', 'find'] as const) {
      const statement = prepared[name];
      if (statement === undefined || (name === 'find' && !sql[name]?.includes('entry.value'))) continue;
      const get = statement.get.bind(statement) as (...args: unknown[]) => never;
      statement.get = (...args: unknown[]) => {
        this.asked[name] += 1;
        return get(...args);
      };
    }
    return prepared;
  }
}

let path: string;
let clock: ManualClock;

beforeEach(() => {
  path = join(scratchFolder(), 'agent.db');
  clock = manualClock(1_700_000_000_000);
});

function open(maxStalenessMs = 0, options: Partial<SqliteStoreOptions> = {}) {
  const settings = resolveSqliteOptions({ path, clock, ...options });
  const database = new CountedDatabase(path, openFile(path, settings.busyMs), true);
  const store = storeOver(database, settings);
  onTestFinished(() => store.close());
  const client = new StoreClient(store.entries('shop', { maxStalenessMs }));
  /** Peeks, and returns the value and what it took to be sure of it. */
  const peek = (key = 'cart') => {
    const before = { ...database.asked };
    const value = client.entries.peek({ key })?.snapshot.open();
    const { dataVersion, changes, holds, find } = database.asked;
    const took = [dataVersion - before.dataVersion, changes - before.changes, holds - before.holds, find - before.find];
    return { value, took };
  };
  return { client, peek, store };
}

/** Are the looks of a peek: data version, count of changes, row, row with its value. */
const [NOTHING, VERSION, COUNT, ROW] = [
  [0, 0, 0, 0],
  [1, 0, 0, 0],
  [1, 1, 0, 0],
  [1, 1, 1, 0],
];

describe('a strict copy', () => {
  it('costs one look at the data version while nobody changes the file', async () => {
    const { client, peek } = open();
    await client.put('cart', 1, CART);
    peek();
    for (let times = 0; times < 3; times += 1) expect(peek()).toEqual({ value: 1, took: VERSION });
  });

  it('costs one look more after others have loaded and stored what is new', async () => {
    const { client, peek } = open();
    const other = open().client;
    await client.put('cart', 1, CART);
    peek();
    await other.keep('order', 2, CART);
    expect(peek()).toEqual({ value: 1, took: COUNT });
    expect(peek()).toEqual({ value: 1, took: VERSION });
  });

  it('asks for its row, without the value, after others have invalidated something else', async () => {
    const { client, peek } = open();
    const other = open().client;
    await client.put('cart', 1, CART);
    peek();
    await other.entries.invalidate(['order']);
    expect(peek()).toEqual({ value: 1, took: ROW });
    expect(peek()).toEqual({ value: 1, took: VERSION });
  });

  it('is gone as soon as others have invalidated, deleted, replaced or cleared it', async () => {
    const { client, peek } = open();
    const other = open().client;
    const changes: readonly (() => Promise<unknown>)[] = [
      async () => other.entries.invalidate(['cart']),
      () => other.delete('cart'),
      () => other.put('cart', 2, CART),
      async () => (await other.lead('cart', { ...CART, refresh: true })).commit(2),
      () => other.clear(),
      () => other.openBarrier('write', [['cart']], 60_000),
    ];
    for (const change of changes) {
      await client.put('cart', 1, { ...CART, reads: [['cart']] });
      expect(peek().value).toBe(1);
      await change();
      expect([String(change), peek().value]).toEqual([String(change), undefined]);
    }
  });

  it('is gone as soon as its own process has invalidated it', async () => {
    const { client, peek } = open();
    await client.put('cart', 1, CART);
    expect(peek().value).toBe(1);
    await client.entries.invalidate(['cart']);
    expect(peek().value).toBeUndefined();
  });

  it('is served to nobody who declares a tag that was invalidated after it was loaded', async () => {
    const { client } = open();
    await client.put('cart', 1, CART);
    await client.entries.invalidate(['price']);
    expect(client.entries.peek({ key: 'cart' }, ['cart'])).toBeDefined();
    expect(client.entries.peek({ key: 'cart' }, ['cart', 'price'])).toBeUndefined();
    expect(client.entries.peek({ key: 'cart' }, ['cart', 'weather'])).toBeDefined();
  });

  it('is made of what another process has stored, once it was read', async () => {
    const { client, peek } = open();
    const other = open().client;
    await other.put('cart', { items: 1 }, CART);
    expect(peek().value).toBeUndefined();
    await client.assertHit('cart', { items: 1 }, CART);
    expect(peek().value).toEqual({ items: 1 });
  });

  it('is not kept where the bound is none', async () => {
    const { client, peek } = open(0, { maxCopies: 0 });
    await client.put('cart', 1, CART);
    expect(peek().value).toBeUndefined();
    await client.assertHit('cart', 1, CART);
  });
});

describe('a copy that may be stale for a while', () => {
  it('costs no look at all until that while is over', async () => {
    const { client, peek } = open(1_000);
    const other = open().client;
    await client.put('cart', 1, CART);
    peek();
    await other.entries.invalidate(['cart']);
    expect(peek()).toEqual({ value: 1, took: NOTHING });
    await clock.advance(999);
    expect(peek()).toEqual({ value: 1, took: NOTHING });
    await clock.advance(1);
    expect(peek().value).toBeUndefined();
  });

  it('is gone at once when its own process has invalidated it', async () => {
    const { client, peek } = open(1_000);
    await client.put('cart', 1, CART);
    expect(peek().value).toBe(1);
    await client.entries.invalidate(['cart']);
    expect(peek().value).toBeUndefined();
  });

  it('is as strict as the strictest who has opened its namespace', async () => {
    const { client, peek, store } = open(1_000);
    const other = open().client;
    await client.put('cart', 1, CART);
    peek();
    store.entries('shop', { maxStalenessMs: 0 });
    await other.entries.invalidate(['cart']);
    expect(peek().value).toBeUndefined();
  });

  it('is looked at when the clock was set back', async () => {
    const { client, peek } = open(1_000);
    const other = open().client;
    await client.put('cart', 1, CART);
    peek();
    await other.entries.invalidate(['cart']);
    const now = clock.now();
    clock.now = () => now - 60_000;
    expect(peek().value).toBeUndefined();
  });
});
