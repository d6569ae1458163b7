import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';

import { scratchFolder } from '../../../test/scratch-folder.ts';
import { manualClock, type ManualClock } from '../../testing/manual-clock.ts';
import { StoreClient } from '../../testing/store-client.ts';
import { sqliteStore } from './sqlite-store.ts';

let path: string;
let clock: ManualClock;

beforeEach(() => {
  path = join(scratchFolder(), 'agent.db');
  clock = manualClock(1_700_000_000_000);
});

function open() {
  const store = sqliteStore({ path, clock, sessionIdle: '10m' });
  onTestFinished(() => store.close());
  return { store, client: new StoreClient(store.entries('shop', { maxStalenessMs: 0 })) };
}

it('keeps a session open for as long as a process lives that has it open', async () => {
  const { client } = open();
  const session = await client.openSession('s1');
  await client.keep('cart', 1, { session, ttlMs: 3_600_000 });
  await clock.advance(60 * 60_000 - 1);
  expect((await client.openSession('s1')).opening).toBe(session.opening);
  await client.assertHit('cart', 1, { session });
});

it('ends a session whose process has died, with all that it stored', async () => {
  const { store, client } = open();
  const session = await client.openSession('s1');
  await client.keep('cart', 1, { session, ttlMs: 3_600_000 });
  await store.close(); // ended nothing, as a process that dies
  const other = open().client;
  await clock.advance(5 * 60_000);
  expect((await other.entries.inspect({ key: 'cart', session })).state).toBe('fresh');
  await clock.advance(10 * 60_000);
  expect((await other.entries.inspect({ key: 'cart', session })).state).toBe('ended');
  expect(other.entries.stats().entries).toBe(0);
});

it('drops the copies of a session that another process found idle', async () => {
  const { client } = open();
  const session = await client.openSession('s1');
  await client.keep('cart', 1, { session, ttlMs: 3_600_000 });
  await client.assertHit('cart', 1, { session });
  // A process that was stopped for long, and comes back: its own timers have not run.
  const later = manualClock(clock.now() + 11 * 60_000);
  const other = sqliteStore({ path, clock: later, sessionIdle: '10m' });
  onTestFinished(() => other.close());
  await later.advance(60 * 60_000);
  expect(client.entries.peek({ key: 'cart', session })).toBeUndefined();
  expect((await client.acquire('cart', { session })).kind).toBe('ended');
});

it('opens an id anew, also for another user, when its session was idle and nobody has swept yet', async () => {
  const { store, client } = open();
  const old = await client.openSession('s1', 'u1');
  await client.keep('cart', 'of u1', { session: old, ttlMs: 3_600_000 });
  await store.close();
  const later = manualClock(clock.now() + 11 * 60_000);
  const other = sqliteStore({ path, clock: later, sessionIdle: '10m' });
  onTestFinished(() => other.close());
  const reader = new StoreClient(other.entries('shop', { maxStalenessMs: 0 }));
  const session = await reader.openSession('s1', 'u2');
  expect(session.opening).not.toBe(old.opening);
  await reader.assertGone('cart', { session });
});
