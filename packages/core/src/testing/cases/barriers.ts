import assert from 'node:assert/strict';

import type { StoreCase } from '../store-case.ts';

const CART = { reads: [['cart', 'u1']] };
const RESOURCES = [['cart', 'u1']];
const LONG_MS = 60_000;
const SHORT_MS = 200;
/** Is when a short barrier is over on any clock. */
const AFTER_SHORT_MS = 260;

/** Checks that nothing is served or stored while a write runs, and that a writer who dies leaves nothing stale behind. */
export const barrierCases: readonly StoreCase[] = [
  {
    name: 'serves nothing while the barrier is open, and nothing from before it afterwards',
    async run({ a, b, both }) {
      await a.keep('cart', 'old', CART);
      const close = await b.openBarrier('write', RESOURCES, LONG_MS);
      for (const client of both) await client.assertGone('cart', CART);
      await close();
      for (const client of both) await client.assertGone('cart', CART);
    },
  },
  {
    name: 'stores nothing while the barrier is open, whenever the load began',
    async run({ a, b, both }) {
      const before = await a.lead('before', CART);
      const close = await b.openBarrier('write', RESOURCES, LONG_MS);
      const during = await a.lead('during', CART);
      assert.equal(await before.commit('old'), 'invalidated');
      assert.equal(await during.commit('old'), 'invalidated');
      await a.put('set', 'old', CART);
      for (const key of ['before', 'during', 'set']) for (const client of both) await client.assertGone(key, CART);
      await close();
      for (const key of ['before', 'during', 'set']) for (const client of both) await client.assertGone(key, CART);
    },
  },
  {
    name: 'refuses what was loaded before or during the barrier when it has been closed',
    async run({ a, b, both }) {
      const before = await a.lead('before', CART);
      const close = await b.openBarrier('write', RESOURCES, LONG_MS);
      const during = await a.lead('during', CART);
      await close();
      assert.equal(await before.commit('old'), 'invalidated');
      assert.equal(await during.commit('old'), 'invalidated');
      for (const key of ['before', 'during']) for (const client of both) await client.assertGone(key, CART);
    },
  },
  {
    name: 'lets every reader load for itself while the barrier is open',
    async run({ a, b }) {
      await a.lead('cart', CART);
      const close = await b.openBarrier('write', RESOURCES, LONG_MS);
      const first = await a.lead('cart', CART);
      const second = await b.lead('cart', CART);
      assert.notEqual(first.lease.id, second.lease.id);
      await close();
      await a.lead('cart', CART);
    },
  },
  {
    name: 'stores and serves again once the barrier is closed',
    async run({ a, b, both }) {
      const close = await b.openBarrier('write', RESOURCES, LONG_MS);
      await close();
      await a.keep('cart', 'new', CART);
      await a.put('set', 'new', CART);
      for (const client of both) {
        await client.assertHit('cart', 'new', CART);
        await client.assertHit('set', 'new', CART);
      }
    },
  },
  {
    name: 'covers the resources that the write concerns, and no others',
    async run({ a, b, both }) {
      await a.keep('list', 1, { reads: [['cart']] });
      await a.keep('items', 2, { reads: [['cart', 'u1', 'items']] });
      await a.keep('sibling', 3, { reads: [['cart', 'u2']] });
      const sibling = await a.lead('loading sibling', { reads: [['cart', 'u2']] });
      const close = await b.openBarrier('write', RESOURCES, LONG_MS);
      for (const client of both) {
        await client.assertGone('list');
        await client.assertGone('items');
        await client.assertHit('sibling', 3);
      }
      assert.equal(await sibling.commit(4), 'stored');
      await close();
      for (const client of both) await client.assertHit('loading sibling', 4);
    },
  },
  {
    name: 'stays closed to readers until the last of two writers is done',
    async run({ a, b, both }) {
      for (const second of [RESOURCES, [['cart']], [['cart', 'u1', 'items']]]) {
        const closeFirst = await a.openBarrier('first', RESOURCES, LONG_MS);
        const closeSecond = await b.openBarrier('second', second, LONG_MS);
        await closeFirst();
        const during = await a.lead('cart', CART);
        assert.equal(await during.commit('half'), 'invalidated');
        for (const client of both) await client.assertGone('cart', CART);
        await closeSecond();
        await a.keep('cart', 'new', CART);
        for (const client of both) await client.assertHit('cart', 'new', CART);
      }
    },
  },
  {
    name: 'stands while an invalidation and a clear pass',
    async run({ a, b, both }) {
      const close = await a.openBarrier('write', RESOURCES, LONG_MS);
      await b.invalidate(RESOURCES);
      assert.equal(await (await b.lead('cart', CART)).commit('old'), 'invalidated');
      await b.clear();
      assert.equal(await (await b.lead('cart', CART)).commit('old'), 'invalidated');
      for (const client of both) await client.assertGone('cart', CART);
      await close();
      await b.keep('cart', 'new', CART);
    },
  },
  {
    name: 'lasts longer when its writer opens it again',
    async run({ a, b, both, advance }) {
      await a.openBarrier('write', RESOURCES, SHORT_MS);
      const close = await a.openBarrier('write', RESOURCES, LONG_MS);
      await advance(AFTER_SHORT_MS);
      assert.equal(await (await b.lead('cart', CART)).commit('old'), 'invalidated');
      for (const client of both) await client.assertGone('cart', CART);
      await close();
      await a.keep('cart', 'new', CART);
    },
  },
  {
    name: 'ends at its deadline when its writer has died, and counts as an invalidation then',
    async run({ a, b, both, advance }) {
      await a.keep('entry', 'old', CART);
      const before = await a.lead('before', CART);
      await b.openBarrier('write', RESOURCES, SHORT_MS);
      const during = await a.lead('during', CART);
      await advance(AFTER_SHORT_MS);
      assert.equal(await during.commit('old'), 'invalidated');
      assert.equal(await before.commit('old'), 'invalidated');
      for (const client of both) for (const key of ['entry', 'before', 'during']) await client.assertGone(key, CART);
      await a.keep('entry', 'new', CART);
      for (const client of both) await client.assertHit('entry', 'new', CART);
    },
  },
  {
    name: 'lets readers load for good after the deadline, whether or not something stood in the way',
    async run({ a, b, both, advance }) {
      await b.openBarrier('write', RESOURCES, SHORT_MS);
      await advance(AFTER_SHORT_MS);
      await a.keep('cart', 'new', CART);
      for (const client of both) await client.assertHit('cart', 'new', CART);
    },
  },
  {
    name: 'calls no load current that began behind a barrier whose deadline has passed since',
    async run({ a, b, both, advance }) {
      await b.openBarrier('write', RESOURCES, SHORT_MS);
      await a.lead('tells only when it is done that it depends on the cart');
      await advance(AFTER_SHORT_MS);
      for (const client of both) {
        const { current } = await client.follow('tells only when it is done that it depends on the cart');
        assert.equal(current, false);
      }
    },
  },
  {
    name: 'does not count the deadline of one writer against another',
    async run({ a, b, both, advance }) {
      await a.openBarrier('dead before', RESOURCES, SHORT_MS);
      const close = await b.openBarrier('alive', RESOURCES, LONG_MS);
      await a.openBarrier('dead after', RESOURCES, SHORT_MS);
      await advance(AFTER_SHORT_MS);
      assert.equal(await (await a.lead('cart', CART)).commit('old'), 'invalidated');
      await close();
      await a.keep('cart', 'new', CART);
      for (const client of both) await client.assertHit('cart', 'new', CART);
    },
  },
  {
    name: 'counts the closing as an invalidation even when the deadline has passed before it',
    async run({ a, b, both, advance }) {
      const close = await b.openBarrier('write', RESOURCES, SHORT_MS);
      await advance(AFTER_SHORT_MS);
      await a.keep('entry', 'old', CART);
      const load = await a.lead('load', CART);
      await close();
      assert.equal(await load.commit('old'), 'invalidated');
      for (const client of both) for (const key of ['entry', 'load']) await client.assertGone(key, CART);
    },
  },
  {
    name: 'takes the closing of a barrier that was never opened for an invalidation',
    async run({ a, both }) {
      await a.keep('cart', 'old', CART);
      const tags = ['*g:cart/u1/'];
      await a.entries.closeBarrier({ id: 'unknown', tags });
      for (const client of both) await client.assertGone('cart', CART);
      await a.keep('cart', 'new', CART);
    },
  },
];
