import assert from 'node:assert/strict';

import type { StoreCase } from '../store-case.ts';
import { assertSettles } from './waiting.ts';

const CART = { tags: ['cart'] };

/** Checks that identical reads run one load, for as long as that load may be trusted. */
export const leaseCases: readonly StoreCase[] = [
  {
    name: 'lets the first reader load and all others follow, through either client',
    async run({ a, both }) {
      const load = await a.lead('cart', CART);
      for (const client of [...both, ...both]) assert.equal((await client.follow('cart', CART)).leaseId, load.lease.id);
    },
  },
  {
    name: 'lets loads of different keys run side by side',
    async run({ a, b }) {
      const loads = [await a.lead('one'), await b.lead('two'), await a.lead('three')];
      assert.equal(new Set(loads.map(({ lease }) => lease.id)).size, 3);
      for (const load of loads) assert.equal(await load.commit(1), 'stored');
    },
  },
  {
    name: 'serves everybody once the load is committed, and tells those who wait',
    async run({ a, both, advance }) {
      const load = await a.lead('cart', CART);
      const followed = [await both[0].follow('cart', CART), await both[1].follow('cart', CART)];
      assert.equal(await load.commit(1), 'stored');
      for (const { settled } of followed) await assertSettles(settled, advance);
      for (const client of both) await client.assertHit('cart', 1, CART);
    },
  },
  {
    name: 'lets the next reader load once a load was given back, and tells those who wait',
    async run({ a, b, advance }) {
      const failed = await a.lead('cart', CART);
      const { settled } = await b.follow('cart', CART);
      await failed.release();
      await assertSettles(settled, advance);
      const next = await b.lead('cart', CART);
      assert.notEqual(next.lease.id, failed.lease.id);
      assert.equal((await a.follow('cart', CART)).leaseId, next.lease.id);
    },
  },
  {
    name: 'tells those who ask too late that the load is over',
    async run({ a, b, advance }) {
      const load = await a.lead('cart');
      const before = await b.follow('cart');
      await load.release();
      const after = await b.lead('cart');
      await after.release();
      await assertSettles(before.settled, advance);
    },
  },
  {
    name: 'lets nobody follow a load whose data was invalidated: a late reader loads for itself',
    async run({ a, b, both, advance }) {
      const old = await a.lead('cart', CART);
      const early = await b.follow('cart', CART);
      await b.entries.invalidate(['cart']);
      const late = await b.lead('cart', CART);
      await assertSettles(early.settled, advance);
      for (const client of both) assert.equal((await client.follow('cart', CART)).leaseId, late.lease.id);
      assert.equal(await old.commit('old'), 'invalidated');
      assert.equal((await a.follow('cart', CART)).leaseId, late.lease.id);
      assert.equal(await late.commit('new'), 'stored');
      for (const client of both) await client.assertHit('cart', 'new', CART);
    },
  },
  {
    name: 'keeps the newer value when the superseded load is done last',
    async run({ a, b, both }) {
      const old = await a.lead('cart', CART);
      await b.entries.invalidate(['cart']);
      const late = await b.lead('cart', CART);
      assert.equal(await late.commit('new'), 'stored');
      assert.equal(await old.commit('old'), 'invalidated');
      for (const client of both) await client.assertHit('cart', 'new', CART);
    },
  },
  {
    name: 'lets readers follow a load that other invalidations do not concern',
    async run({ a, b, both }) {
      const load = await a.lead('cart', CART);
      await b.entries.invalidate(['order']);
      for (const client of both) assert.equal((await client.follow('cart', CART)).leaseId, load.lease.id);
    },
  },
  {
    name: 'calls a load current for as long as nothing at all was invalidated since it began',
    async run({ a, b, both }) {
      await b.entries.invalidate(['before']);
      for (const invalidate of [
        () => b.entries.invalidate(['order']),
        () => a.entries.closeBarrier({ id: 'unknown', tags: ['order'] }),
        () => b.openBarrier('write', [['order']], 60_000),
      ]) {
        const load = await a.lead('cart', CART);
        for (const client of both) assert.equal((await client.follow('cart', CART)).current, true);
        await invalidate();
        for (const client of both) assert.equal((await client.follow('cart', CART)).current, false);
        await load.release();
      }
    },
  },
  {
    name: 'refuses the value of a lease that was given back and granted anew',
    async run({ a, b, both }) {
      const old = await a.lead('cart', CART);
      await old.release();
      const next = await b.lead('cart', CART);
      assert.equal(await old.commit('old'), 'replaced');
      assert.equal((await a.follow('cart', CART)).leaseId, next.lease.id, 'the newer lease is unharmed');
      assert.equal(await next.commit('new'), 'stored');
      for (const client of both) await client.assertHit('cart', 'new');
    },
  },
  {
    name: 'refuses the value of a lease that was replaced for a reader who depends on more',
    async run({ a, b, both }) {
      const narrow = await a.lead('cart', { tags: ['cart'] });
      await b.entries.invalidate(['price']);
      const wide = await b.lead('cart', { tags: ['cart', 'price'] });
      assert.equal(await narrow.commit('old'), 'replaced');
      assert.equal(await wide.commit('new'), 'stored');
      for (const client of both) await client.assertHit('cart', 'new', { tags: ['cart', 'price'] });
    },
  },
  {
    name: 'lets only the holder of a lease give it back',
    async run({ a, b }) {
      const old = await a.lead('cart', CART);
      await b.entries.invalidate(['cart']);
      const next = await b.lead('cart', CART);
      await old.release();
      await old.release();
      assert.equal((await a.follow('cart', CART)).leaseId, next.lease.id);
    },
  },
  {
    name: 'stores a value once for each lease',
    async run({ a, both }) {
      const load = await a.lead('cart', CART);
      assert.equal(await load.commit(1), 'stored');
      assert.notEqual(await load.commit(2), 'stored');
      await load.release();
      for (const client of both) await client.assertHit('cart', 1);
    },
  },
  {
    name: 'ends a lease whose holder is gone, and refuses its value when the holder comes back',
    requires: ['lease-expiry'],
    async run({ a, b, both, advance, leaseMs }) {
      const lost = await a.lead('cart', CART);
      const { settled } = await b.follow('cart', CART);
      await advance(leaseMs + 1);
      await assertSettles(settled, advance);
      const next = await b.lead('cart', CART);
      assert.equal(await lost.commit('old'), 'replaced');
      assert.equal(await next.commit('new'), 'stored');
      for (const client of both) await client.assertHit('cart', 'new');
    },
  },
];
