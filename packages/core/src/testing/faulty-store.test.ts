import { describe, expect, it } from 'vitest';

import { memoryStore } from '../stores/memory/memory-store.ts';
import { faultyStore, type EntryOperation, type FaultyStoreOptions } from './faulty-store.ts';
import { manualClock } from './manual-clock.ts';
import { StoreClient } from './store-client.ts';

const OUT_OF_REACH = 'The store is out of reach: acquire failed on purpose.';

function given(options: FaultyStoreOptions = {}) {
  const store = faultyStore(memoryStore({ clock: manualClock() }), options);
  const client = new StoreClient(store.entries('shop', { maxStalenessMs: 0 }));
  return { store, client };
}

async function outcomes(calls: number, call: () => Promise<unknown>): Promise<string> {
  let text = '';
  for (let index = 0; index < calls; index += 1) {
    text += await call().then(
      () => '+',
      () => '-',
    );
  }
  return text;
}

describe('a faulty store without a fault', () => {
  it('answers exactly as the store inside does, and at once', async () => {
    const { store, client } = given();
    expect(store.name).toBe('memory');
    expect(store.shared).toBe(false);
    expect(store.entries('shop', { maxStalenessMs: 0 })).toBe(client.entries);
    expect(client.entries.invalidate(['cart'])).toBeUndefined();
    await client.keep('cart', 1);
    await client.assertHit('cart', 1);
    expect(client.entries.peek({ key: 'cart' })?.snapshot.open()).toBe(1);
    expect(client.entries.stats().entries).toBe(1);
    await store.close();
  });

  it('counts the calls of each operation', async () => {
    const { store, client } = given();
    await client.keep('cart', 1);
    await client.acquire('cart');
    expect([store.calls('acquire'), store.calls('commit'), store.calls('release')]).toEqual([2, 1, 0]);
  });
});

describe('a fault', () => {
  it('throws at once, or rejects, without having done anything', async () => {
    const { store, client } = given();
    const thrown = store.inject({ kind: 'throw', operations: 'invalidate', times: 1 });
    expect(() => client.entries.invalidate(['cart'])).toThrow('The store is out of reach: invalidate');
    expect(thrown.hits).toBe(1);
    store.inject({ kind: 'reject', operations: 'commit', times: 1 });
    const load = await client.lead('cart');
    await expect(load.commit('lost')).rejects.toThrow('The store is out of reach: commit');
    expect(await load.commit('kept')).toBe('stored');
    await client.assertHit('cart', 'kept');
  });

  it('loses the reply to a request that was carried out', async () => {
    const { store, client } = given();
    store.inject({ kind: 'lose-reply', operations: 'put', times: 1 });
    await expect(client.put('cart', 1)).rejects.toThrow('out of reach');
    await client.assertHit('cart', 1);
  });

  it('holds a request until it is released, and carries it out then', async () => {
    const { store, client } = given();
    const fault = store.inject({ kind: 'hold-request', operations: 'put' });
    const put = client.put('cart', 1);
    await client.assertGone('cart');
    expect(fault.held).toBe(1);
    fault.release();
    await put;
    await client.assertHit('cart', 1);
    expect(fault.held).toBe(0);
  });

  it('holds the answer to a request that was carried out at once', async () => {
    const { store, client } = given();
    const fault = store.inject({ kind: 'hold-reply', operations: 'put' });
    let isAnswered = false;
    const put = client.put('cart', 1).then(() => (isAnswered = true));
    await client.assertHit('cart', 1);
    expect(isAnswered).toBe(false);
    fault.stop();
    await put;
    await client.put('cart', 2);
    await client.assertHit('cart', 2);
  });

  it('lets calls pass first, and goes wrong no more often than it is told to', async () => {
    const { store, client } = given();
    store.inject({ kind: 'reject', operations: ['acquire', 'put'], skip: 2, times: 3 });
    expect(await outcomes(8, () => client.acquire('cart'))).toBe('++---+++');
  });

  it('goes wrong by chance, the same way for the same seed', async () => {
    const runs = [7, 7, 8].map(async (seed) => {
      const { store, client } = given({ seed });
      store.inject({ kind: 'reject', rate: 0.3, operations: 'acquire' });
      return outcomes(200, () => client.acquire('cart'));
    });
    const [one, same, other] = await Promise.all(runs);
    expect(one).toBe(same);
    expect(one).not.toBe(other);
    expect(one?.replaceAll('+', '').length).toBeGreaterThan(30);
    expect(one?.replaceAll('+', '').length).toBeLessThan(90);
  });

  it('fails with the error it was given', async () => {
    const { store, client } = given();
    const error = new Error('ECONNRESET');
    store.inject({ kind: 'reject', operations: 'acquire', error });
    await expect(client.acquire('cart')).rejects.toBe(error);
  });

  it('concerns every operation where none is named', async () => {
    const { store, client } = given();
    const fault = store.inject({ kind: 'throw' });
    const operations: readonly EntryOperation[] = ['acquire', 'clear', 'openSession', 'inspect', 'peek'];
    for (const operation of operations) {
      expect(() => (client.entries[operation] as (argument: unknown) => unknown)({})).toThrow(operation);
    }
    expect(fault.hits).toBe(operations.length);
  });

  it('takes a peek that does not come back in time for one that proves nothing', async () => {
    const { store, client } = given();
    await client.keep('cart', 1);
    for (const kind of ['reject', 'lose-reply', 'hold-request', 'hold-reply'] as const) {
      const fault = store.inject({ kind, operations: 'peek' });
      expect(client.entries.peek({ key: 'cart' })).toBeUndefined();
      fault.stop();
    }
    expect(client.entries.peek({ key: 'cart' })?.snapshot.open()).toBe(1);
  });

  it('is over when the store is healed, and what it held goes on', async () => {
    const { store, client } = given();
    store.inject({ kind: 'hold-request', operations: 'put' });
    store.inject({ kind: 'throw', operations: 'acquire' });
    const put = client.put('cart', 1);
    await expect(client.acquire('cart')).rejects.toThrow(OUT_OF_REACH);
    store.heal();
    await put;
    await client.assertHit('cart', 1);
  });
});

describe('an asynchronous faulty store', () => {
  it('answers every operation with a promise, and proves nothing without waiting', async () => {
    const { client } = given({ async: true });
    const { entries } = client;
    expect(entries.clear()).toBeInstanceOf(Promise);
    expect(entries.invalidate([])).toBeInstanceOf(Promise);
    await client.keep('cart', 1);
    expect(entries.peek({ key: 'cart' })).toBeUndefined();
    expect((await client.acquire('cart')).kind).toBe('hit');
  });

  it('lets requests overtake each other, the same way for the same seed', async () => {
    async function order(seed: number): Promise<string> {
      const { client } = given({ async: true, seed });
      const done: number[] = [];
      const calls = Array.from({ length: 12 }, (_, index) => client.put('cart', index).then(() => done.push(index)));
      await Promise.all(calls);
      return done.join(' ');
    }
    expect(await order(3)).toBe(await order(3));
    expect(await order(3)).not.toBe('0 1 2 3 4 5 6 7 8 9 10 11');
  });

  it('takes time on the clock it is given', async () => {
    const clock = manualClock();
    const { client } = given({ async: true, clock, maxDelayMs: 50, seed: 2 });
    const calls = Promise.all(Array.from({ length: 10 }, (_, index) => client.put(`cart ${index}`, index)));
    await Promise.resolve();
    expect(clock.pending()).toBeGreaterThan(0);
    await clock.advance(100);
    await calls;
    expect(clock.pending()).toBe(0);
  });

  it('goes wrong by rule as well', async () => {
    const { store, client } = given({ async: true });
    store.inject({ kind: 'reject', operations: 'acquire', times: 1 });
    await expect(client.acquire('cart')).rejects.toThrow(OUT_OF_REACH);
    expect((await client.acquire('cart')).kind).toBe('lead');
  });
});
