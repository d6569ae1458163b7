import { describe, expect, it, vi } from 'vitest';

import { createToolCache } from '../src/index.ts';
import { manualClock } from '../src/testing/index.ts';
import { eventLog } from './event-log.ts';
import { heldTool } from './held-tool.ts';

function givenCart() {
  const clock = manualClock();
  const log = eventLog();
  const cache = createToolCache({ clock, onEvent: log.listener });
  const fetch = heldTool<[string], string>();
  const options = { name: 'get_cart', scope: 'global', ttl: '45s' } as const;
  const getCart = cache.read(fetch, { ...options, resource: (id) => ['cart', id], staleWhileRevalidate: '10s' });
  async function load(place: number, id = 'u1'): Promise<string> {
    const reading = getCart(id);
    (await fetch.call(place)).answer(`cart ${place}`);
    return reading;
  }
  return { clock, log, cache, fetch, getCart, load };
}

describe('explain', () => {
  it('says that nothing is there, and where it would be', async () => {
    const { getCart } = givenCart();
    expect(await getCart.explain('u1')).toMatchObject({
      toolName: 'get_cart',
      kind: 'read',
      scope: 'global',
      status: 'miss',
      reason: 'absent',
      resources: [['cart', 'u1']],
      keyHash: expect.stringMatching(/^[\w-]{43,64}$/) as string,
    });
  });

  it('says how old and how large the entry is', async () => {
    const { clock, cache, getCart, load } = givenCart();
    await load(0);
    await clock.advance(10_000);
    const explanation = await getCart.explain('u1');
    expect(explanation).toMatchObject({ status: 'hit', reason: 'fresh', ageMs: 10_000, expiresInMs: 35_000 });
    expect(explanation.bytes).toBeGreaterThan(0);
    expect(await cache.explain('get_cart', 'u1')).toEqual(explanation);
    expect((await getCart.explain('u2')).keyHash).not.toBe(explanation.keyHash);
  });

  it('says that the ttl is over', async () => {
    const { clock, getCart, load } = givenCart();
    await load(0);
    await clock.advance(50_000);
    expect(await getCart.explain('u1')).toMatchObject({ status: 'stale', reason: 'expired', expiresInMs: -5_000 });
    await clock.advance(5_000);
    expect(await getCart.explain('u1')).toMatchObject({ status: 'miss', reason: 'expired', expiresInMs: -10_000 });
  });

  it('says who invalidated the entry', async () => {
    const { cache, getCart, load } = givenCart();
    const addToCart = cache.write(async () => 1, { name: 'add_to_cart', scope: 'global', invalidates: 'cart' });
    await load(0);
    await addToCart();
    expect(await getCart.explain('u1')).toMatchObject({
      status: 'miss',
      reason: 'invalidated',
      invalidatedBy: 'add_to_cart',
    });
    await load(1);
    await cache.invalidate('cart');
    expect(await getCart.explain('u1')).toMatchObject({ reason: 'invalidated', invalidatedBy: 'invalidate' });
  });

  it('says that a load is running which the call would join', async () => {
    const { fetch, getCart } = givenCart();
    const reading = getCart('u1');
    const call = await fetch.call(0);
    expect(await getCart.explain('u1')).toMatchObject({ status: 'coalesced', reason: 'loading' });
    call.answer('cart');
    await reading;
  });

  it('says so too where an invalidated entry is still there', async () => {
    const { cache, fetch, getCart, load } = givenCart();
    await load(0);
    await cache.invalidate('cart');
    const reading = getCart('u1');
    const call = await fetch.call(1);
    expect(await getCart.explain('u1')).toMatchObject({ status: 'coalesced', reason: 'loading' });
    call.answer('cart');
    await reading;
  });

  it('says that the call would not join a load whose data was invalidated', async () => {
    const { cache, fetch, getCart } = givenCart();
    const reading = getCart('u1');
    const call = await fetch.call(0);
    await cache.invalidate('cart');
    expect((await getCart.explain('u1')).status).toBe('miss');
    call.answer('cart');
    await reading;
  });

  it('says why a call would run past the cache', async () => {
    const { cache } = givenCart();
    const own = cache.read(async () => 1, { name: 'own' });
    const shared = cache.read(async () => 1, { name: 'shared', scope: 'user' });
    const unkeyed = cache.read(async (_run: () => void) => 1, { name: 'unkeyed', scope: 'global' });
    const lost = cache.read(async () => 1, { name: 'lost', scope: 'global', resource: () => 5 as never });
    expect(await own.explain()).toMatchObject({ status: 'bypass', reason: 'no-session' });
    expect(await shared.explain()).toMatchObject({ status: 'bypass', reason: 'no-user' });
    expect(await unkeyed.explain(() => undefined)).toMatchObject({ status: 'bypass', reason: 'not-keyable' });
    expect(await lost.explain()).toMatchObject({ status: 'bypass', reason: 'resource-failed' });
    await cache.session({ id: 'a' }, async () => {
      expect(await own.explain()).toMatchObject({ status: 'miss', reason: 'absent' });
      await own();
      expect(await own.explain()).toMatchObject({ status: 'hit', reason: 'fresh' });
    });
    await cache.close();
    expect(await lost.explain()).toMatchObject({ status: 'bypass' });
  });

  it('says what a write would invalidate', async () => {
    const { cache } = givenCart();
    const write = cache.write(async (_id: string) => 1, {
      name: 'write',
      scope: 'global',
      invalidates: (id) => [['cart', id], 'stock'],
    });
    expect(await write.explain('u1')).toEqual({
      toolName: 'write',
      kind: 'write',
      scope: 'global',
      status: 'executed',
      reason: 'not-a-read',
      resources: [['cart', 'u1'], ['stock']],
    });
  });

  it('runs, counts, reports and protects nothing', async () => {
    const { log, cache, getCart, fetch, load } = givenCart();
    await load(0);
    const before = cache.metrics();
    log.clear();
    await cache.session({ id: 'a', maxToolRepeats: 1 }, async (session) => {
      for (let time = 0; time < 10; time += 1) await getCart.explain('u1');
      expect(session.metrics().loopDetections).toBe(0);
    });
    expect(cache.metrics()).toEqual(before);
    expect(log.types()).toEqual(['session-start', 'session-end']);
    expect(fetch.calls).toHaveLength(1);
  });
});

describe('KEEPSTEP_DISABLED=1', () => {
  it('lets every read run its tool, and writes go on invalidating', async () => {
    vi.stubEnv('KEEPSTEP_DISABLED', '1');
    const log = eventLog();
    const cache = createToolCache({ onEvent: log.listener });
    vi.unstubAllEnvs();
    const run = vi.fn(async () => 1);
    const read = cache.read(run, { name: 'read', scope: 'global', resource: 'x' });
    const write = cache.write(async () => 1, { name: 'write', scope: 'global', invalidates: 'x' });
    await read();
    await read();
    await write();
    expect(run).toHaveBeenCalledTimes(2);
    expect(log.of('call-bypassed').map(({ reason }) => reason)).toEqual(['disabled', 'disabled']);
    expect(log.of('resources-invalidated')).toHaveLength(1);
    expect(await read.explain()).toMatchObject({ status: 'bypass', reason: 'disabled' });
  });
});
