import { describe, expect, it } from 'vitest';

import { createCache, createToolCache } from '../src/index.ts';
import { manualClock } from '../src/testing/index.ts';
import { eventLog } from './event-log.ts';
import { heldTool } from './held-tool.ts';
import { quiescence } from './quiescence.ts';

const CART = { resource: 'cart', scope: 'global' } as const;

function givenCart() {
  const clock = manualClock(1_000);
  const log = eventLog();
  const cache = createToolCache({ namespace: 'shop', clock, onEvent: log.listener });
  const getCart = cache.read(async (id: string) => `cart of ${id}`, { name: 'get_cart', ...CART, ttl: '45s' });
  const addToCart = cache.write(async (_id: string) => 'added', {
    name: 'add_to_cart',
    invalidates: 'cart',
    scope: 'global',
  });
  return { clock, log, cache, getCart, addToCart };
}

describe('the events of a read', () => {
  it('that misses and then hits', async () => {
    const { log, clock, getCart } = givenCart();
    await getCart('u1');
    await clock.advance(5_000);
    await getCart('u1');
    expect(log.types()).toEqual([
      'cache-miss', // the tool is about to run
      'tool-executed',
      'entry-stored',
      'cache-hit', // the second call
    ]);
    const call = { namespace: 'shop', toolName: 'get_cart', args: ['u1'] };
    expect(log.events).toMatchObject([
      { ...call, at: 1_000, scope: 'global', reason: 'absent', background: false },
      { ...call, at: 1_000, kind: 'read', outcome: 'ok', durationMs: 0 },
      { ...call, at: 1_000, scope: 'global', ttlMs: 45_000, resources: [['cart']] },
      { ...call, at: 6_000, scope: 'global', ageMs: 5_000, savedMs: 0 },
    ]);
  });

  it('whose load takes time', async () => {
    const { log, clock, cache } = givenCart();
    const fetch = heldTool<[], string>();
    const read = cache.read(fetch, { name: 'slow', ...CART });
    const first = read();
    const load = await fetch.call(0);
    await clock.advance(250);
    load.answer('value');
    await first;
    await read();
    expect(log.of('tool-executed')).toMatchObject([{ durationMs: 250 }]);
    expect(log.of('cache-hit')).toMatchObject([{ savedMs: 250, ageMs: 0 }]);
    expect(cache.metrics().savedMs).toBe(250);
  });

  it('whose ttl is over', async () => {
    const { log, clock, getCart } = givenCart();
    await getCart('u1');
    await clock.advance(45_000);
    log.clear();
    await getCart('u1');
    expect(log.types()).toEqual(['cache-miss', 'tool-executed', 'entry-stored']);
    expect(log.of('cache-miss')).toMatchObject([{ reason: 'expired' }]);
  });

  it('that joins a load', async () => {
    const { log, cache } = givenCart();
    const fetch = heldTool<[], string>();
    const read = cache.read(fetch, { name: 'slow', ...CART });
    const reads = [read(), read(), read()];
    (await fetch.call(0)).answer('value');
    await Promise.all(reads);
    expect(log.types()).toEqual([
      'cache-miss', // the first caller leads
      'tool-executed',
      'entry-stored',
      'call-coalesced', // the second joined
      'call-coalesced', // the third joined
    ]);
  });

  it('whose tool fails', async () => {
    const { log, cache } = givenCart();
    const failure = new Error('503');
    const read = cache.read(() => Promise.reject(failure), { name: 'broken', ...CART });
    await read().catch(() => undefined);
    expect(log.types()).toEqual(['cache-miss', 'tool-executed']);
    expect(log.of('tool-executed')).toMatchObject([{ outcome: 'error', error: failure }]);
  });

  it('whose result is not worth storing', async () => {
    const { log, cache } = givenCart();
    await cache.read(async () => undefined, { name: 'nothing', ...CART })();
    await cache.read(async () => 1, { name: 'small', ...CART, cacheIf: (n) => n > 1 })();
    await cache.read(async () => () => 1, { name: 'function', ...CART })();
    await cache.read(async () => 1, { name: 'policy', ...CART, ttl: () => -1 })();
    expect(log.types()).toEqual(
      Array.from({ length: 4 }, () => ['cache-miss', 'tool-executed', 'entry-rejected']).flat(),
    );
    const reasons = ['undefined', 'cache-if', 'not-encodable', 'policy-failed'];
    expect(log.of('entry-rejected').map(({ reason }) => reason)).toEqual(reasons);
  });

  it('that runs past the cache', async () => {
    const { log, cache } = givenCart();
    await cache.read(async () => 1, { name: 'homeless' })();
    await cache.read(async (_run: () => void) => 1, { name: 'unkeyed', ...CART })(() => undefined);
    await cache.read(async () => 1, { name: 'lost', scope: 'global', resource: () => 5 as never })();
    expect(log.types()).toEqual(Array.from({ length: 3 }, () => ['call-bypassed', 'tool-executed']).flat());
    expect(log.of('call-bypassed')).toMatchObject([
      { reason: 'no-session' },
      { reason: 'not-keyable', detail: expect.stringContaining('a function') as string },
      { reason: 'resource-failed' },
    ]);
  });

  it('that serves past the ttl and renews behind the caller', async () => {
    const { log, clock, cache } = givenCart();
    const read = cache.read(async () => 1, { name: 'swr', ...CART, ttl: '1s', staleWhileRevalidate: '1m' });
    await read();
    await clock.advance(2_000);
    log.clear();
    await read();
    await quiescence();
    expect(log.types().toSorted()).toEqual([
      'cache-miss', // in the background
      'cache-stale', // the caller has its answer
      'entry-stored',
      'tool-executed',
    ]);
  });
});

describe('the events of a write', () => {
  it('between two reads', async () => {
    const { log, getCart, addToCart } = givenCart();
    await getCart('u1');
    log.clear();
    await addToCart('u1');
    await getCart('u1');
    expect(log.types()).toEqual([
      'tool-executed', // the write
      'resources-invalidated',
      'cache-miss', // the read after it
      'tool-executed',
      'entry-stored',
    ]);
    expect(log.events).toMatchObject([
      { toolName: 'add_to_cart', kind: 'write', outcome: 'ok' },
      { cause: 'write', toolName: 'add_to_cart', scope: 'global', resources: [['cart']] },
      { reason: 'invalidated', invalidatedBy: 'add_to_cart' },
      {},
      {},
    ]);
  });

  it('with a barrier', async () => {
    const { log, cache } = givenCart();
    const write = cache.write(async () => 'done', {
      name: 'write',
      scope: 'global',
      invalidates: 'cart',
      barrier: { maxDuration: '30s' },
    });
    await write();
    expect(log.types()).toEqual([
      'resources-invalidated', // its barrier, before it runs
      'tool-executed',
      'resources-invalidated', // after it has settled
    ]);
    expect(log.of('resources-invalidated').map(({ cause }) => cause)).toEqual(['barrier', 'write']);
  });

  it('that supersedes a load', async () => {
    const { log, cache, addToCart } = givenCart();
    const fetch = heldTool<[], string>();
    const read = cache.read(fetch, { name: 'slow', ...CART });
    const early = read();
    const load = await fetch.call(0);
    await addToCart('u1');
    load.answer('old');
    await early;
    expect(log.types()).toEqual([
      'cache-miss', // the read begins
      'tool-executed', // the write
      'resources-invalidated',
      'tool-executed', // the read ends
      'entry-superseded',
    ]);
  });

  it('by hand, for one call', async () => {
    const { log, getCart } = givenCart();
    await getCart('u1');
    log.clear();
    await getCart.invalidate('u1');
    await getCart.invalidate('u1');
    expect(log.events).toMatchObject([
      { type: 'entry-deleted', toolName: 'get_cart', args: ['u1'], existed: true },
      { type: 'entry-deleted', toolName: 'get_cart', args: ['u1'], existed: false },
    ]);
  });

  it('by hand', async () => {
    const { log, cache, getCart } = givenCart();
    await getCart('u1');
    log.clear();
    await cache.invalidate(['cart', 'u1'], 'product');
    await getCart('u1');
    expect(log.events.slice(0, 2)).toMatchObject([
      { type: 'resources-invalidated', cause: 'manual', scope: 'global', resources: [['cart', 'u1'], ['product']] },
      { type: 'cache-miss', reason: 'invalidated', invalidatedBy: 'invalidate' },
    ]);
  });
});

describe('the events of a session', () => {
  it('with a loop in it', async () => {
    const { log, cache, getCart } = givenCart();
    await cache.session({ id: 's', userId: 'u', maxToolRepeats: 1 }, async () => {
      await getCart('u1');
      await getCart('u1').catch(() => undefined);
    });
    expect(log.types()).toEqual([
      'session-start',
      'cache-miss', // the first call
      'tool-executed',
      'entry-stored',
      'loop-detected', // the second, which does not run
      'session-end',
    ]);
    expect(new Set(log.events.map(({ sessionId }) => sessionId))).toEqual(new Set(['s']));
    expect(log.of('loop-detected')).toMatchObject([
      { action: 'raise', toolName: 'get_cart', finding: { rule: 'repeats', count: 2, limit: 1 } },
    ]);
  });
});

describe('the events of a general-purpose cache', () => {
  it('name the cache in place of a tool', async () => {
    const log = eventLog();
    const cache = createCache<string, number>({ name: 'users', onEvent: log.listener });
    await cache.get('k', { load: () => 1, resources: ['user', 'k'] });
    await cache.get('k');
    await cache.invalidate('user');
    expect(log.types()).toEqual(['cache-miss', 'tool-executed', 'entry-stored', 'cache-hit', 'resources-invalidated']);
    expect(log.events[0]).toMatchObject({ namespace: 'users', toolName: 'users', args: ['k'] });
  });
});
