import { describe, expect, it } from 'vitest';

import { createToolCache } from '../create-tool-cache.ts';
import type { KeepstepEvent } from '../events.ts';
import { memoryStore } from '../stores/memory/memory-store.ts';
import { faultyStore } from '../testing/faulty-store.ts';
import { manualClock } from '../testing/manual-clock.ts';

function givenTool() {
  const clock = manualClock();
  const cache = createToolCache({ clock });
  let calls = 0;
  const read = cache.read(async (user: string) => `cart ${user} ${++calls}`, {
    name: 'get_cart',
    scope: 'global',
    resource: (user) => ['cart', user],
    ttl: 1000,
  });
  return { cache, clock, read };
}

describe('glance', () => {
  it('counts what the long way counts', async () => {
    const { cache, read } = givenTool();
    const { cache: observed, read: observedRead } = givenTool();
    const heard: KeepstepEvent[] = [];
    observed.on((event) => void heard.push(event));
    for (const user of ['a', 'a', 'b', 'a']) {
      await read(user);
      await observedRead(user);
    }
    expect(heard.filter(({ type }) => type === 'cache-hit')).toHaveLength(2);
    expect(cache.metrics()).toEqual(observed.metrics());
    expect(read.metrics()).toEqual(observedRead.metrics());
  });

  it('ends with the ttl, at the very millisecond', async () => {
    const { clock, read } = givenTool();
    await read('a');
    await clock.advance(999);
    expect(await read('a')).toBe('cart a 1');
    await clock.advance(1);
    expect(await read('a')).toBe('cart a 2');
  });

  it('answers nothing that was invalidated, or that a closed cache still holds', async () => {
    const { cache, read } = givenTool();
    await read('a');
    await read('a');
    await cache.invalidate(['cart', 'a']);
    expect(await read('a')).toBe('cart a 2');
    await cache.close();
    expect(await read('a')).toBe('cart a 3');
  });

  it('gives each caller a copy, and all the same frozen object', async () => {
    const cache = createToolCache();
    const find = async (user: string) => ({ user });
    const copying = cache.read(find, { name: 'copied', scope: 'global' });
    await copying('a');
    expect(await copying('a')).not.toBe(await copying('a'));
    expect(await copying('a')).toEqual({ user: 'a' });
    const freezing = cache.read(find, { name: 'frozen', scope: 'global', isolation: 'freeze' });
    await freezing('a');
    expect(await freezing('a')).toBe(await freezing('a'));
  });

  it('leaves to the long way a call inside another one, whose result depends on it', async () => {
    const { cache, read } = givenTool();
    const total = cache.read(async (user: string) => `total of ${await read(user)}`, {
      name: 'total',
      scope: 'global',
    });
    await read('a');
    await read('a');
    expect(await total('a')).toBe('total of cart a 1');
    await cache.invalidate(['cart', 'a']);
    expect(await total('a')).toBe('total of cart a 2');
  });
});

describe('glance over a store that has to prove what is at hand', () => {
  function givenDistantTool() {
    const store = faultyStore(memoryStore(), { async: true });
    const cache = createToolCache({ store });
    let calls = 0;
    const read = cache.read(async () => ({ call: ++calls }), { name: 'get_cart', scope: 'global', resource: 'cart' });
    return { cache, read, store };
  }

  it('asks for the proof and nothing else, and hands out copies', async () => {
    const { cache, read, store } = givenDistantTool();
    await read();
    const asked = store.calls('acquire');
    const [one, other] = await Promise.all([read(), read()]);
    expect([one, other]).toEqual([{ call: 1 }, { call: 1 }]);
    expect(one).not.toBe(other);
    expect(store.calls('acquire')).toBe(asked);
    expect(store.calls('prove')).toBe(2);
    expect(cache.metrics()).toMatchObject({ hits: 2, misses: 1 });
  });

  it('answers nothing that is invalidated while it asks, for a caller who comes later', async () => {
    const { cache, read, store } = givenDistantTool();
    await read();
    const held = store.inject({ kind: 'hold-reply', operations: 'prove', times: 1 });
    const early = read();
    await cache.invalidate('cart');
    expect(await read()).toEqual({ call: 2 });
    held.release();
    expect(await early).toEqual({ call: 2 });
  });

  it('runs the tool once the store has failed to prove it, without asking the store again', async () => {
    const { cache, read, store } = givenDistantTool();
    await read();
    const asked = store.calls('acquire');
    store.inject({ kind: 'reject', operations: 'prove' });
    expect(await read()).toEqual({ call: 2 });
    expect(store.calls('acquire')).toBe(asked);
    expect(cache.metrics()).toMatchObject({ bypassed: 1 });
    store.heal();
    expect(await read()).toEqual({ call: 1 });
  });

  it('closes once those who wait for a proof have their answer', async () => {
    const { cache, read, store } = givenDistantTool();
    await read();
    const held = store.inject({ kind: 'hold-reply', operations: 'prove' });
    const answers: unknown[] = [];
    void read().then((answer) => answers.push(answer));
    const closed = cache.close().then(() => answers.length);
    held.release();
    expect(await closed).toBe(1);
    expect(answers).toEqual([{ call: 1 }]);
  });
});
