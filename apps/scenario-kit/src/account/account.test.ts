import { createToolCache, memoryStore, type ToolCache } from '@keepstep/core';
import { beforeEach, describe, expect, it } from 'vitest';

import { SimulatedClock } from '../time/simulated-clock.ts';
import { sleep } from '../time/sleep.ts';
import { Account } from './account.ts';
import type { AccountStep } from './account-step.ts';

class CardError extends Error {
  override readonly name = 'CardError';
}

let clock: SimulatedClock;
let cache: ToolCache;
let account: Account;
let told: AccountStep[];

beforeEach(() => {
  clock = new SimulatedClock(0);
  cache = createToolCache({ store: memoryStore({ clock }), clock });
  told = [];
  account = new Account(cache, clock, (step) => told.push(step));
});

/** Wraps three tools, and calls them as an agent does. */
function givenTools() {
  const state = { isDown: false };
  const getCart = cache.read(
    async ({ userId }: { userId: string }) => {
      await sleep(clock, 120);
      if (state.isDown) throw new CardError('no answer');
      return `the cart of ${userId}`;
    },
    { name: 'get_cart', resource: ({ userId }) => ['cart', userId], scope: 'global', ttl: '10s' },
  );
  const getNote = cache.read((input: object) => sleep(clock, 10).then(() => input), {
    name: 'get_note',
    resource: 'note',
  });
  const addToCart = cache.write(
    async ({ userId }: { userId: string }) => {
      await sleep(clock, 140);
      if (state.isDown) throw new CardError('no answer');
      return `added for ${userId}`;
    },
    { name: 'add_to_cart', invalidates: ({ userId }) => ['cart', userId], scope: 'global' },
  );
  const tools = { get_cart: getCart, get_note: getNote, add_to_cart: addToCart };
  let calls = 0;

  /** Calls a tool and returns how the account says it was answered. */
  async function call(toolName: keyof typeof tools, input: object, session = cache.openSession({ id: 'user_1' })) {
    const asked = { toolCallId: `call_${(calls += 1)}`, toolName, input };
    account.asked(session, asked);
    try {
      await tools[toolName].with({ session, toolCallId: asked.toolCallId })(input as never);
      account.answered(session, asked, undefined);
    } catch (error) {
      account.answered(session, asked, { error });
    }
    const { answer, why } = account.steps.find(({ toolCallId }) => toolCallId === asked.toolCallId)!;
    return `${answer} · ${why}`;
  }
  return { call, state };
}

const cart = { userId: 'user_1' };

describe('the reason of an answer', () => {
  it('is the first call, then the age of the result', async () => {
    const { call } = givenTools();
    expect(await call('get_cart', cart)).toBe('miss · first call, 120 ms upstream');
    await sleep(clock, 3000);
    expect(await call('get_cart', cart)).toBe('hit · 3 s old, saved 120 ms');
  });

  it('is the write that changed the data, and which data', async () => {
    const { call } = givenTools();
    await call('get_cart', cart);
    expect(await call('add_to_cart', cart)).toBe('write · dropped cart/user_1, 140 ms upstream');
    expect(await call('get_cart', cart)).toBe('miss · add_to_cart changed cart/user_1, 120 ms upstream');
  });

  it('is the invalidation by hand', async () => {
    const { call } = givenTools();
    await call('get_cart', cart);
    await cache.invalidate('cart');
    expect(await call('get_cart', cart)).toBe('miss · invalidate changed cart, 120 ms upstream');
  });

  it('is the end of the ttl', async () => {
    const { call } = givenTools();
    await call('get_cart', cart);
    await sleep(clock, 10_000);
    expect(await call('get_cart', cart)).toBe('miss · older than its ttl, 120 ms upstream');
  });

  it('is the load that another call has started', async () => {
    const { call } = givenTools();
    expect(await Promise.all([call('get_cart', cart), call('get_cart', cart)])).toEqual([
      'miss · first call, 120 ms upstream',
      'coalesced · joined call 1',
    ]);
  });

  it('is the failure of the tool, and of the load before', async () => {
    const { call, state } = givenTools();
    state.isDown = true;
    expect(await call('get_cart', cart)).toBe('miss · first call, failed with CardError, 120 ms upstream');
    state.isDown = false;
    expect(await call('get_cart', cart)).toBe('miss · the last call failed, 120 ms upstream');
  });

  it('is that a write which failed may have happened', async () => {
    const { call, state } = givenTools();
    state.isDown = true;
    expect(await call('add_to_cart', cart)).toBe(
      'write · failed with CardError, dropped cart/user_1 all the same, 140 ms upstream',
    );
  });

  it('is that the data changed while it was loaded', async () => {
    const { call } = givenTools();
    const late = sleep(clock, 60).then(() => cache.invalidate(['cart', 'user_1']));
    expect(await call('get_cart', cart)).toBe(
      'miss · first call, 120 ms upstream, not kept: its data changed meanwhile',
    );
    await late;
    expect(await call('get_cart', cart)).toBe('miss · the last result was not kept, 120 ms upstream');
  });

  it('is the session, whose results are its own', async () => {
    const { call } = givenTools();
    const first = cache.openSession({ id: 'agent-A' });
    expect(await call('get_note', {}, first)).toBe('miss · first call of this session, 10 ms upstream');
    expect(await call('get_note', {}, first.child() as never)).toBe('hit · 0 ms old, saved 10 ms');
    await using other = cache.openSession({ id: 'agent-B' });
    expect(await call('get_note', {}, other)).toBe('miss · first call of this session, 10 ms upstream');
    await first.end();
    await using again = cache.openSession({ id: 'agent-A' });
    expect(await call('get_note', {}, again)).toBe('miss · first call of this session, 10 ms upstream');
  });

  it('is the loop that was refused', async () => {
    const { call } = givenTools();
    await using session = cache.openSession({ id: 'circle', maxToolRepeats: 1 });
    await call('get_cart', cart, session);
    const message = 'Loop detected: get_cart was called 2 times with the same arguments (limit 1)';
    expect(await call('get_cart', cart, session)).toBe(`refused · ${message}`);
    expect(account.loops).toMatchObject([{ session: 'circle', rule: 'repeats', tool: 'get_cart', message }]);
  });
});

describe('the account', () => {
  it('counts what the cache counts', async () => {
    const { call, state } = givenTools();
    await Promise.all([call('get_cart', cart), call('get_cart', cart)]);
    await call('get_cart', cart);
    await call('add_to_cart', cart);
    const late = sleep(clock, 60).then(() => cache.invalidate('cart'));
    await call('get_cart', cart);
    await late;
    state.isDown = true;
    await call('get_cart', cart);
    await using strict = cache.openSession({ id: 'strict', maxToolRepeats: 1 });
    await call('get_note', {}, strict);
    await call('get_note', {}, strict);
    const unknown = cache.openSession({ id: 'gone' });
    await unknown.end();
    await call('get_note', {}, unknown);

    const { calls, ...totals } = account.totals;
    expect(calls).toBe(9);
    expect(totals).toEqual({
      hits: 1,
      misses: 4,
      coalesced: 1,
      stale: 0,
      bypassed: 1,
      superseded: 1,
      invalidations: 2,
      loopDetections: 1,
      upstreamCalls: 6,
      errors: 1,
      savedMs: 120,
    });
    expect(cache.metrics()).toMatchObject(totals);
  });

  it('lists invalidations with their cause', async () => {
    const { call } = givenTools();
    await call('add_to_cart', cart);
    await cache.invalidate(['cart', 'user_2'], 'note');
    expect(account.invalidations).toEqual([
      { atMs: 140, session: 'user_1', by: 'add_to_cart', resources: ['cart/user_1'] },
      { atMs: 140, session: undefined, by: 'invalidate', resources: ['cart/user_2', 'note'] },
    ]);
  });

  it('tells steps in the order they were asked for', async () => {
    const { call } = givenTools();
    await Promise.all([call('add_to_cart', cart), call('get_note', {}), call('get_cart', { userId: 'user_2' })]);
    expect(told.map(({ step, tool }) => `${step} ${tool}`)).toEqual(['1 add_to_cart', '2 get_note', '3 get_cart']);
  });

  it('knows each session once', async () => {
    const { call } = givenTools();
    await using session = cache.openSession({ id: 'agent-A' });
    await call('get_note', {}, session);
    await call('get_note', {}, session);
    expect(account.sessions).toEqual([session]);
  });
});
