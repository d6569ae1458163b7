import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { scratchFolder } from '../../../test/scratch-folder.ts';
import { takeSnapshot } from '../../codec/value-snapshot.ts';
import { manualClock, type ManualClock } from '../../testing/manual-clock.ts';
import { StoreClient } from '../../testing/store-client.ts';
import { openFile } from './open-file.ts';
import { SqliteDatabase, type Effect } from './sqlite-database.ts';
import { resolveSqliteOptions } from './sqlite-options.ts';
import { sqliteStore, storeOver } from './sqlite-store.ts';

const CART = { tags: ['cart'] };

/** Lets something happen between a look without a lock and the transaction that follows it. */
class InterruptedDatabase extends SqliteDatabase {
  interruption: (() => void) | undefined;

  override write<Result>(effect: Effect, body: () => Result): Result {
    const interrupt = this.interruption;
    this.interruption = undefined;
    interrupt?.();
    return super.write(effect, body);
  }
}

let path: string;
let clock: ManualClock;
let database: InterruptedDatabase;
let client: StoreClient;
/** Is another process. */
let other: StoreClient;

beforeEach(() => {
  path = join(scratchFolder(), 'agent.db');
  clock = manualClock(1_700_000_000_000);
  database = new InterruptedDatabase(path, openFile(path, 1_000), true);
  const stores = [storeOver(database, resolveSqliteOptions({ path, clock })), sqliteStore({ path, clock })];
  for (const store of stores) onTestFinished(() => store.close());
  const clients = stores.map((store) => new StoreClient(store.entries('shop', { maxStalenessMs: 0 })));
  [client, other] = clients as [StoreClient, StoreClient];
});

describe('a reader who misses', () => {
  it('finds what another process stores just before the lease would be granted', async () => {
    database.interruption = () => void other.entries.put({ key: 'cart' }, draft(7));
    const acquired = await client.acquire('cart');
    expect(acquired.kind === 'hit' && acquired.entry.snapshot.open()).toBe(7);
  });

  it('follows a load that another process begins just before', async () => {
    let leaseId: string | undefined;
    database.interruption = () => {
      const granted = other.entries.acquire({ address: { key: 'cart' }, tags: [], isolation: 'copy', refresh: false });
      leaseId = 'lease' in granted ? granted.lease.id : undefined;
    };
    expect((await client.follow('cart')).leaseId).toBe(leaseId);
  });

  it('takes its stamp after an invalidation that comes just before, and so keeps what it loads', async () => {
    database.interruption = () => void other.entries.invalidate(['cart']);
    const load = await client.lead('cart', CART);
    expect(await load.commit(1)).toBe('stored');
  });

  it('is told that its session has ended just before', async () => {
    const session = await client.openSession('s1');
    database.interruption = () => void other.entries.endSession(session);
    expect((await client.acquire('cart', { session })).kind).toBe('ended');
  });

  it('is offered an expired entry that is valid', async () => {
    await other.put('cart', 1, { ...CART, ttlMs: 10, retainMs: 60_000 });
    await clock.advance(20);
    const acquired = await client.acquire('cart', CART);
    expect(acquired).toMatchObject({ kind: 'lead', reason: 'expired' });
    expect(acquired.kind === 'lead' && acquired.expired?.snapshot.open()).toBe(1);
    const followed = await other.follow('cart', CART);
    expect(followed.expired?.snapshot.open()).toBe(1);
  });

  it('is offered no expired entry that is invalidated just before', async () => {
    await other.put('cart', 1, { ...CART, ttlMs: 10, retainMs: 60_000 });
    await clock.advance(20);
    database.interruption = () => void other.entries.invalidate(['cart']);
    const acquired = await client.acquire('cart', CART);
    expect(acquired).toMatchObject({ kind: 'lead', reason: 'invalidated', expired: undefined });
  });

  it('has nothing to do with an entry or a load of a session under the same key', async () => {
    const session = await other.openSession('s1');
    await other.keep('cart', 'private', { session });
    expect((await client.lead('cart')).reason).toBe('absent');
    expect((await client.entries.inspect({ key: 'cart' })).state).toBe('loading');
    await other.lead('order', { session });
    expect((await client.acquire('order')).kind).toBe('lead');
  });
});

function draft(value: number) {
  return { snapshot: takeSnapshot(value, 'copy'), tags: [], ttlMs: 60_000, retainMs: 0, loadMs: 1, local: undefined };
}
