import { describe, expect, it } from 'vitest';

import { createToolCache } from '../create-tool-cache.ts';
import type { KeepstepEvent } from '../events.ts';
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
