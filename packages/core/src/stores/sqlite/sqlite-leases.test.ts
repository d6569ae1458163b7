import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { scratchFolder } from '../../../test/scratch-folder.ts';
import { manualClock, type ManualClock } from '../../testing/manual-clock.ts';
import { StoreClient } from '../../testing/store-client.ts';
import { sqliteStore } from './sqlite-store.ts';

/** Is the longest time between two looks at the lease of another process. */
const LONGEST_PAUSE_MS = 50;

let path: string;

beforeEach(() => {
  path = join(scratchFolder(), 'agent.db');
});

/** Opens the file as a process of its own would, with a clock of its own: one that stands still is a process that is stopped. */
function open(clock: ManualClock) {
  const store = sqliteStore({ path, clock, lease: '10s', maxLoad: '1m' });
  onTestFinished(() => store.close());
  return { store, client: new StoreClient(store.entries('shop', { maxStalenessMs: 0 })) };
}

function clocks(): [ManualClock, ManualClock] {
  return [manualClock(1_700_000_000_000), manualClock(1_700_000_000_000)];
}

/** Notes whether a promise has resolved. */
function watch(promise: Promise<void>): { isOver: boolean } {
  const state = { isOver: false };
  void promise.then(() => (state.isOver = true));
  return state;
}

describe('a lease', () => {
  it('is renewed while its load runs, however long that takes', async () => {
    const [here, there] = clocks();
    const [a, b] = [open(here).client, open(there).client];
    const load = await a.lead('cart');
    for (let passed = 0; passed < 50; passed += 1) {
      await here.advance(1_000);
      await there.advance(1_000);
      expect((await b.follow('cart')).leaseId).toBe(load.lease.id);
    }
    expect(await load.commit(1)).toBe('stored');
    await b.assertHit('cart', 1);
  });

  it('ends when its process stands still for longer than it lasts, and not before', async () => {
    const [here, there] = clocks();
    const [a, b] = [open(here).client, open(there).client];
    const load = await a.lead('cart');
    const waiting = watch((await b.follow('cart')).settled);
    await there.advance(9_999);
    expect(waiting.isOver).toBe(false);
    await there.advance(1);
    expect(waiting.isOver).toBe(true);
    const next = await b.lead('cart');
    expect(await load.commit('old')).toBe('replaced');
    expect(await next.commit('new')).toBe('stored');
  });

  it('ends when its load never does', async () => {
    const [here] = clocks();
    const [a, b] = [open(here).client, open(here).client];
    await a.lead('cart');
    const waiting = watch((await b.follow('cart')).settled);
    await here.advance(49_000);
    expect(waiting.isOver).toBe(false);
    await here.advance(11_000);
    expect(waiting.isOver).toBe(true);
    await b.lead('cart');
  });

  it('is given back when its store closes', async () => {
    const [here, there] = clocks();
    const { store, client: a } = open(here);
    const { client: b } = open(there);
    await a.lead('cart');
    const waiting = watch((await b.follow('cart')).settled);
    await store.close();
    await there.advance(LONGEST_PAUSE_MS);
    expect(waiting.isOver).toBe(true);
    await b.lead('cart');
  });

  it('leaves no timer behind when nothing is loaded any more', async () => {
    const [here] = clocks();
    const { store, client } = open(here);
    const before = here.pending();
    const load = await client.lead('cart');
    await load.commit(1);
    await here.advance(20_000);
    expect(here.pending()).toBe(before);
    await store.close();
    expect(here.pending()).toBe(0);
  });
});

describe('those who wait', () => {
  it('for a load of another process learn of its end within one pause', async () => {
    const [here, there] = clocks();
    const [a, b] = [open(here).client, open(there).client];
    const load = await a.lead('cart');
    const waiting = watch((await b.follow('cart')).settled);
    await there.advance(5_000);
    await load.commit(1);
    expect(waiting.isOver).toBe(false);
    await there.advance(LONGEST_PAUSE_MS);
    expect(waiting.isOver).toBe(true);
  });

  it('for a load of their own store learn of its end at once', async () => {
    const [here] = clocks();
    const { client } = open(here);
    const load = await client.lead('cart');
    const { settled } = await client.follow('cart');
    await load.release();
    expect(await settled).toBeUndefined();
  });

  it('share one timer, however many they are', async () => {
    const [here, there] = clocks();
    const [a, b] = [open(here).client, open(there).client];
    await a.lead('cart');
    const before = there.pending();
    for (let index = 0; index < 100; index += 1) await b.follow('cart');
    expect(there.pending()).toBe(before + 1);
  });

  it('are let go when their own store closes', async () => {
    const [here, there] = clocks();
    const { client: a } = open(here);
    const { store, client: b } = open(there);
    await a.lead('cart');
    const { settled } = await b.follow('cart');
    await store.close();
    expect(await settled).toBeUndefined();
  });
});

it('refuses everything after it was closed, and says so', async () => {
  const [here] = clocks();
  const { store, client } = open(here);
  await client.keep('cart', 1);
  const load = await client.lead('order');
  await store.close();
  const closed = { code: 'store_unavailable' };
  const address = { key: 'cart' };
  expect(() => client.entries.peek(address)).toThrow(expect.objectContaining(closed));
  await expect(client.acquire('cart')).rejects.toMatchObject(closed);
  await expect(load.commit(1)).rejects.toMatchObject(closed);
  await expect(load.release()).rejects.toMatchObject(closed);
  await expect(client.put('cart', 1)).rejects.toMatchObject(closed);
  await expect(client.delete('cart')).rejects.toMatchObject(closed);
  await expect(client.clear()).rejects.toMatchObject(closed);
  await expect(client.invalidate([['cart']])).rejects.toMatchObject(closed);
  await expect(client.openSession('s1')).rejects.toMatchObject(closed);
  expect(() => client.entries.inspect(address)).toThrow(expect.objectContaining(closed));
  expect(() => store.entries('other', { maxStalenessMs: 0 })).toThrow(expect.objectContaining(closed));
  expect(client.entries.stats().entries).toBe(0);
});
