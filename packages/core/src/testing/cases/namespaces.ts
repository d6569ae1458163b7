import assert from 'node:assert/strict';

import type { StoreCase } from '../store-case.ts';

const CART = { tags: ['cart'] };
/** Are names that a careless layout of keys could take for the namespace of the suite, or for a part of it. */
const SIBLINGS = [
  'conformance:a',
  'conformanc',
  'conformance*',
  'conformance/',
  '{conformance}',
  '*',
  'CONFORMANCE',
  'conformance\0',
  '',
];

/** Checks that namespaces never see each other, and that clearing one clears no other. */
export const namespaceCases: readonly StoreCase[] = [
  {
    name: 'clears everything in a namespace, for everybody, and stores anew afterwards',
    async run({ a, b, both }) {
      await a.keep('one', 1, CART);
      await b.put('two', 2);
      await b.clear();
      for (const client of both) for (const key of ['one', 'two']) await client.assertGone(key);
      await a.keep('one', 3, CART);
      for (const client of both) await client.assertHit('one', 3, CART);
    },
  },
  {
    name: 'refuses what was loaded before a clear',
    async run({ a, b, both }) {
      const [tagged, untagged] = [await a.lead('tagged', CART), await a.lead('untagged')];
      await b.clear();
      assert.equal(await tagged.commit('old'), 'invalidated');
      assert.equal(await untagged.commit('old'), 'invalidated');
      for (const client of both) for (const key of ['tagged', 'untagged']) await client.assertGone(key);
    },
  },
  {
    name: 'lets a reader who comes after a clear load for itself',
    async run({ a, b }) {
      const old = await a.lead('cart', CART);
      await b.clear();
      const next = await b.lead('cart', CART);
      assert.equal(await old.commit('old'), 'invalidated');
      assert.equal(await next.commit('new'), 'stored');
      await a.assertHit('cart', 'new', CART);
    },
  },
  {
    name: 'spares every other namespace when one is cleared',
    async run({ a, open }) {
      for (const sibling of SIBLINGS) await open(sibling)[0].keep(`in ${sibling}`, sibling, CART);
      const load = await open(SIBLINGS[0] as string)[0].lead('loading');
      await a.keep('here', 1, CART);
      await a.clear();
      assert.equal(await load.commit(2), 'stored');
      for (const sibling of SIBLINGS) await open(sibling)[1].assertHit(`in ${sibling}`, sibling, CART);
      await a.assertGone('here');
    },
  },
  {
    name: 'invalidates in one namespace only',
    async run({ a, b, both, open }) {
      await a.keep('here', 1, CART);
      for (const sibling of SIBLINGS) {
        const [other] = open(sibling);
        await other.keep(`in ${sibling}`, sibling, CART);
        await other.entries.invalidate(['cart']);
        await other.assertGone(`in ${sibling}`, CART);
      }
      for (const client of both) await client.assertHit('here', 1, CART);
      for (const sibling of SIBLINGS) await open(sibling)[0].keep(`in ${sibling}`, sibling, CART);
      await b.entries.invalidate(['cart']);
      for (const sibling of SIBLINGS) await open(sibling)[1].assertHit(`in ${sibling}`, sibling, CART);
    },
  },
  {
    name: 'holds up with a barrier one namespace only',
    async run({ a, open }) {
      const [other] = open('elsewhere');
      await other.openBarrier('write', [['cart']], 60_000);
      await a.keep('here', 1, { reads: [['cart']] });
      await a.assertHit('here', 1);
    },
  },
  {
    name: 'keeps the same key in two namespaces apart',
    async run({ a, both, open }) {
      const [otherA, otherB] = open('elsewhere');
      const load = await a.lead('cart', CART);
      await otherA.keep('cart', 'there', CART);
      for (const client of both) assert.equal((await client.follow('cart', CART)).leaseId, load.lease.id);
      assert.equal(await load.commit('here'), 'stored');
      for (const client of both) await client.assertHit('cart', 'here', CART);
      for (const client of [otherA, otherB]) await client.assertHit('cart', 'there', CART);
      await otherB.delete('cart');
      for (const client of both) await client.assertHit('cart', 'here', CART);
    },
  },
  {
    name: 'spares what others keep in the same backend',
    requires: ['foreign'],
    async run({ a, b, foreign }) {
      await foreign.write();
      await a.keep('cart', 1, CART);
      await a.entries.invalidate(['cart']);
      await b.keep('cart', 2, CART);
      await b.clear();
      assert.ok(await foreign.intact(), 'data of somebody else is gone or changed');
    },
  },
];
