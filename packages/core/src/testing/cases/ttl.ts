import assert from 'node:assert/strict';

import type { StoreCase } from '../store-case.ts';

const YEAR_MS = 365 * 24 * 3_600_000;

/** Checks when entries expire, and what is kept of them for a while. */
export const ttlCases: readonly StoreCase[] = [
  {
    name: 'serves an entry in the last millisecond of its ttl, and not after it',
    requires: ['exact-time'],
    async run({ a, both, advance }) {
      await a.keep('loaded', 1, { ttlMs: 1_000 });
      await a.put('set', 2, { ttlMs: 1_000 });
      await advance(999);
      for (const client of both) {
        await client.assertHit('loaded', 1);
        await client.assertHit('set', 2);
      }
      await advance(1);
      for (const client of both) {
        await client.assertMiss('loaded');
        await client.assertMiss('set');
      }
    },
  },
  {
    name: 'does not serve an entry whose ttl is over',
    async run({ a, both, advance }) {
      await a.keep('short', 1, { ttlMs: 20 });
      await a.keep('long', 2, { ttlMs: 60_000 });
      await advance(60);
      for (const client of both) {
        await client.assertMiss('short');
        await client.assertHit('long', 2);
      }
    },
  },
  {
    name: 'counts the ttl from when the value was stored, not from when its load began',
    requires: ['exact-time'],
    async run({ a, both, advance }) {
      const load = await a.lead('slow');
      await advance(5_000);
      assert.equal(await load.commit(1, { ttlMs: 1_000 }), 'stored');
      await advance(999);
      for (const client of both) await client.assertHit('slow', 1);
    },
  },
  {
    name: 'tells when an entry was stored and until when it is fresh',
    requires: ['exact-time'],
    async run({ a, both, advance }) {
      await advance(1_234);
      await a.keep('cart', 1, { ttlMs: 1_000, retainMs: 500 });
      await advance(10);
      for (const client of both) {
        const acquired = await client.acquire('cart');
        assert.ok(acquired.kind === 'hit');
        assert.equal(acquired.entry.freshUntil - acquired.entry.storedAt, 1_000);
      }
    },
  },
  {
    name: 'gives a value that is stored again its new ttl, longer or shorter',
    async run({ a, b, both, advance }) {
      await a.put('longer', 1, { ttlMs: 20 });
      await b.put('longer', 2, { ttlMs: 60_000 });
      await a.put('shorter', 1, { ttlMs: 60_000 });
      await b.put('shorter', 2, { ttlMs: 20 });
      await advance(60);
      for (const client of both) {
        await client.assertHit('longer', 2);
        await client.assertMiss('shorter');
      }
    },
  },
  {
    name: 'does not let a read extend the ttl',
    requires: ['exact-time'],
    async run({ a, both, advance }) {
      await a.keep('cart', 1, { ttlMs: 1_000 });
      for (let passed = 0; passed < 900; passed += 300) {
        await advance(300);
        for (const client of both) await client.assertHit('cart', 1);
      }
      await advance(100);
      for (const client of both) await client.assertMiss('cart');
    },
  },
  {
    name: 'takes a ttl of years, and one with a fraction of a millisecond',
    async run({ a, both, advance }) {
      await a.keep('years', 1, { ttlMs: 100 * YEAR_MS, retainMs: YEAR_MS });
      await a.keep('fraction', 2, { ttlMs: 60_000.5, retainMs: 0.25 });
      await a.put('fraction, set', 3, { ttlMs: 60_000.5 });
      await advance(10);
      for (const client of both) {
        await client.assertHit('years', 1);
        await client.assertHit('fraction', 2);
        await client.assertHit('fraction, set', 3);
      }
    },
  },
  {
    name: 'keeps an expired entry for as long as it was told to, without serving it as fresh',
    async run({ a, both, advance }) {
      await a.keep('cart', 1, { ttlMs: 20, retainMs: 60_000 });
      await advance(60);
      for (const client of both) {
        assert.equal((await client.entries.inspect({ key: 'cart' })).state, 'expired');
        const load = await client.lead('cart');
        assert.equal(load.reason, 'expired');
        await load.release();
      }
    },
  },
  {
    name: 'peeks at an expired entry while it is retained, for callers that accept it',
    requires: ['peek'],
    async run({ a, advance }) {
      await a.keep('cart', 1, { ttlMs: 20, retainMs: 60_000 });
      await advance(60);
      assert.equal(a.entries.peek({ key: 'cart' })?.snapshot.open(), 1);
    },
  },
  {
    name: 'never peeks at a retained entry that was invalidated',
    async run({ a, b, both, advance }) {
      await a.keep('cart', 1, { reads: [['cart']], ttlMs: 20, retainMs: 60_000 });
      await advance(60);
      await b.invalidate([['cart']]);
      for (const client of both) await client.assertGone('cart');
    },
  },
  {
    name: 'has no fresh entry left when ttl and retention are over',
    async run({ a, both, advance }) {
      await a.keep('cart', 1, { ttlMs: 20, retainMs: 20 });
      await advance(100);
      for (const client of both) {
        const { state } = await client.entries.inspect({ key: 'cart' });
        assert.ok(state === 'absent' || state === 'expired', state);
        await client.assertMiss('cart');
      }
    },
  },
  {
    name: 'does not count an expired value as there when it is deleted',
    async run({ a, advance }) {
      await a.keep('cart', 1, { ttlMs: 20, retainMs: 60_000 });
      await advance(60);
      assert.equal(await a.delete('cart'), false);
      await a.assertGone('cart');
    },
  },
];
