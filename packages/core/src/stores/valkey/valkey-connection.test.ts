import { describe, expect, it } from 'vitest';

import { manualClock } from '../../testing/manual-clock.ts';
import type { ValkeyClient } from './valkey-client.ts';
import { ValkeyConnection } from './valkey-connection.ts';

/** Is a connection whose other end swallows everything, though it looks well: a half-open one. */
function swallowed() {
  const clock = manualClock();
  const reconnects: boolean[] = [];
  const never = new Promise<never>(() => undefined);
  const client = {
    status: 'ready',
    on: () => undefined,
    off: () => undefined,
    info: () => never,
    get: () => never,
    disconnect: (again = false) => reconnects.push(again),
  } as unknown as ValkeyClient;
  const connection = new ValkeyConnection({ open: async () => client, isOwn: true, clock, budgetMs: 100 });
  const ask = () => connection.plain('get', (each) => each.get('key'));
  return { clock, reconnects, connection, ask };
}

/** Is a connection whose client throws, instead of rejecting, while `isBroken`. */
function throwing() {
  const clock = manualClock();
  const state = { isBroken: false };
  const client = {
    status: 'ready',
    on: () => undefined,
    off: () => undefined,
    info: async () => '',
    get: () => {
      if (state.isBroken) throw new TypeError('client.get is not a function');
      return Promise.resolve('value');
    },
    disconnect: () => undefined,
  } as unknown as ValkeyClient;
  const connection = new ValkeyConnection({ open: async () => client, isOwn: true, clock, budgetMs: 100 });
  return { clock, state, ask: () => connection.plain('get', (each) => each.get('key')) };
}

describe('a connection whose client throws', () => {
  it('rejects, and is used again once the client works', async () => {
    const { clock, state, ask } = throwing();
    expect(await ask()).toBe('value');
    state.isBroken = true;
    for (let failures = 0; failures < 5; failures += 1) await expect(ask()).rejects.toThrow('not a function');
    await expect(ask()).rejects.toMatchObject({ code: 'store_unavailable' });
    await clock.advance(250);
    await expect(ask()).rejects.toThrow('not a function');
    state.isBroken = false;
    await clock.advance(500);
    expect(await ask()).toBe('value');
    expect(await ask()).toBe('value');
  });
});

describe('a connection that swallows the first question already', () => {
  it('keeps nobody waiting beyond the budget, and is given up for a new one', async () => {
    const { clock, reconnects, ask } = swallowed();
    for (let failures = 0; failures < 5; failures += 1) {
      const [answer] = await Promise.allSettled([ask(), clock.advance(100)]);
      expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'store_timeout' } });
    }
    expect(reconnects).toEqual([true]);
    await expect(ask()).rejects.toMatchObject({ code: 'store_unavailable' });
  });

  it('is asked again for its incarnation by whoever comes after the budget', async () => {
    const { clock, connection, ask } = swallowed();
    await Promise.allSettled([ask(), clock.advance(100)]);
    await clock.advance(1);
    const later = Promise.allSettled([ask()]);
    await clock.advance(100);
    expect((await later)[0]).toMatchObject({ reason: { code: 'store_timeout' } });
    connection.close();
    await expect(ask()).rejects.toThrow('The store is closed.');
  });
});
