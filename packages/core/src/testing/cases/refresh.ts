import assert from 'node:assert/strict';

import type { StoreCase } from '../store-case.ts';

const CART = { tags: ['cart'] };
const REFRESH = { ...CART, refresh: true };

/** Checks that an entry can be renewed while it is served. */
export const refreshCases: readonly StoreCase[] = [
  {
    name: 'grants a lease for a refresh although a valid entry is there, and goes on serving the entry',
    async run({ a, both }) {
      await a.keep('cart', 'first', CART);
      const load = await a.lead('cart', REFRESH);
      assert.equal(load.reason, 'refresh');
      for (const client of both) await client.assertHit('cart', 'first', CART);
      assert.equal(await load.commit('second'), 'stored');
      for (const client of both) await client.assertHit('cart', 'second', CART);
    },
  },
  {
    name: 'lets one refresh run at a time',
    async run({ a, b }) {
      await a.keep('cart', 'first', CART);
      const load = await a.lead('cart', REFRESH);
      assert.equal((await b.follow('cart', REFRESH)).leaseId, load.lease.id);
      await load.release();
      await b.lead('cart', REFRESH);
    },
  },
  {
    name: 'goes on serving the entry when its refresh was given up',
    async run({ a, b, both }) {
      await a.keep('cart', 'first', CART);
      await (await b.lead('cart', REFRESH)).release();
      for (const client of both) await client.assertHit('cart', 'first', CART);
    },
  },
  {
    name: 'refuses the value of a refresh whose data was invalidated, and does not serve the old entry either',
    async run({ a, b, both }) {
      await a.keep('cart', 'first', CART);
      const load = await a.lead('cart', REFRESH);
      await b.entries.invalidate(['cart']);
      assert.equal(await load.commit('second'), 'invalidated');
      for (const client of both) await client.assertGone('cart', CART);
    },
  },
  {
    name: 'lets an ordinary reader follow the refresh of an entry that has expired meanwhile',
    async run({ a, b, advance }) {
      await a.keep('cart', 'first', { ...CART, ttlMs: 20, retainMs: 60_000 });
      const load = await a.lead('cart', REFRESH);
      await advance(60);
      assert.equal((await b.follow('cart', CART)).leaseId, load.lease.id);
    },
  },
  {
    name: 'grants a refresh of what is not there like any other load',
    async run({ a, both }) {
      const load = await a.lead('cart', REFRESH);
      assert.equal(load.reason, 'absent');
      assert.equal(await load.commit(1), 'stored');
      for (const client of both) await client.assertHit('cart', 1, CART);
    },
  },
];
