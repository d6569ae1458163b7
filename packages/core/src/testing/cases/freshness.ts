import assert from 'node:assert/strict';

import type { StoreCase } from '../store-case.ts';

const TWENTY = Array.from({ length: 20 }, (_, index) => index);

/** Checks the promise of the whole library on tags alone: nothing older than a resolved invalidation is served or stored. */
export const freshnessCases: readonly StoreCase[] = [
  {
    name: 'serves nothing to anybody that was invalidated, whoever stored and whoever invalidated it',
    async run({ a, b, both }) {
      for (const [stores, invalidates] of [
        [a, b],
        [b, a],
        [a, a],
      ] as const) {
        await stores.keep('loaded', 1, { tags: ['cart'] });
        await stores.put('set', 1, { tags: ['cart'] });
        for (const client of both) await client.assertHit('loaded', 1, { tags: ['cart'] });
        await invalidates.entries.invalidate(['cart']);
        for (const client of both) {
          await client.assertGone('loaded', { tags: ['cart'] });
          await client.assertGone('set', { tags: ['cart'] });
        }
      }
    },
  },
  {
    name: 'refuses a value whose tag was invalidated while it was loaded',
    async run({ a, both }) {
      for (const invalidates of both) {
        const load = await a.lead('cart', { tags: ['cart', 'price'] });
        await invalidates.entries.invalidate(['price']);
        assert.equal(await load.commit('old'), 'invalidated');
        for (const client of both) await client.assertGone('cart');
      }
    },
  },
  {
    name: 'refuses a value for a tag that nobody knew before its load was done',
    async run({ a, b, both }) {
      const load = await a.lead('cart', { tags: ['known'] });
      await b.entries.invalidate(['learnt']);
      assert.equal(await load.commit('old', { tags: ['known', 'learnt'] }), 'invalidated');
      for (const client of both) await client.assertGone('cart');
    },
  },
  {
    name: 'stores a value whose load began after the invalidation',
    async run({ a, b, both }) {
      await b.entries.invalidate(['cart']);
      await a.keep('cart', 'new', { tags: ['cart'] });
      for (const client of both) await client.assertHit('cart', 'new', { tags: ['cart'] });
    },
  },
  {
    name: 'invalidates again what was stored after an earlier invalidation',
    async run({ a, b, both }) {
      for (let round = 0; round < 20; round += 1) {
        await (round % 2 === 0 ? a : b).keep('cart', round, { tags: ['cart'] });
        for (const client of both) await client.assertHit('cart', round);
        await (round % 3 === 0 ? a : b).entries.invalidate(['cart']);
        for (const client of both) await client.assertGone('cart');
      }
    },
  },
  {
    name: 'leaves entries and loads alone when other tags are invalidated',
    async run({ a, b, both }) {
      await a.keep('cart', 1, { tags: ['cart'] });
      const load = await a.lead('order', { tags: ['order'] });
      await b.entries.invalidate(['car', 'cart ', 'carts', 'CART', 'cart:', '*', 'c*', '']);
      assert.equal(await load.commit(2, { tags: ['order'] }), 'stored');
      for (const client of both) {
        await client.assertHit('cart', 1, { tags: ['cart'] });
        await client.assertHit('order', 2, { tags: ['order'] });
      }
    },
  },
  {
    name: 'takes an unknown tag and an empty list of tags without doing anything',
    async run({ a, b, both }) {
      await a.keep('cart', 1, { tags: ['cart'] });
      const load = await a.lead('order', { tags: ['order'] });
      await a.entries.invalidate(['never seen']);
      await b.entries.invalidate([]);
      await a.entries.invalidate([]);
      assert.equal(await load.commit(2, { tags: ['order'] }), 'stored');
      for (const client of both) {
        await client.assertHit('cart', 1);
        await client.assertHit('order', 2);
      }
    },
  },
  {
    name: 'keeps an entry without tags through every invalidation',
    async run({ a, b, both }) {
      await a.keep('constant', 1);
      await b.entries.invalidate(['cart', 'order']);
      for (const client of both) await client.assertHit('constant', 1);
    },
  },
  {
    name: 'gives a value that is stored again its new tags alone',
    async run({ a, b, both }) {
      await a.put('set', 1, { tags: ['first'] });
      await b.put('set', 2, { tags: ['second'] });
      await a.keep('loaded', 1, { tags: ['first'] });
      const load = await b.lead('loaded', { tags: ['second'], refresh: true });
      assert.equal(await load.commit(2), 'stored');
      await a.entries.invalidate(['first']);
      for (const client of both) {
        await client.assertHit('set', 2);
        await client.assertHit('loaded', 2);
      }
      await a.entries.invalidate(['second']);
      for (const client of both) {
        await client.assertGone('set');
        await client.assertGone('loaded');
      }
    },
  },
  {
    name: 'checks the tags of the asking call too: whoever stored the entry may have known fewer',
    async run({ a, b, both }) {
      await a.keep('cart', 1, { tags: ['cart'] });
      await b.entries.invalidate(['price']);
      for (const client of both) {
        await client.assertGone('cart', { tags: ['cart', 'price'] });
        const inspected = await client.entries.inspect({ key: 'cart' }, ['cart', 'price']);
        assert.deepStrictEqual([inspected.state, inspected.culprit], ['invalidated', 'price']);
        await client.assertHit('cart', 1, { tags: ['cart'] });
      }
    },
  },
  {
    name: 'drops an entry of twenty tags with any one of them',
    async run({ a, b, both }) {
      const tags = TWENTY.map((index) => `tag ${index}`);
      for (const tag of tags) {
        await a.keep('cart', tag, { tags });
        for (const client of both) await client.assertHit('cart', tag, { tags });
        await b.entries.invalidate([tag]);
        for (const client of both) await client.assertGone('cart', { tags });
      }
    },
  },
  {
    name: 'drops twenty entries of one tag at once, and no other',
    async run({ a, b, both }) {
      for (const index of TWENTY)
        await (index % 2 === 0 ? a : b).keep(`entry ${index}`, index, { tags: ['shared', `own ${index}`] });
      await a.keep('other', 'stays', { tags: ['other'] });
      await b.entries.invalidate(['own 7']);
      for (const client of both) {
        await client.assertGone('entry 7');
        await client.assertHit('entry 8', 8);
      }
      await b.entries.invalidate(['shared']);
      for (const client of both) {
        for (const index of TWENTY) await client.assertGone(`entry ${index}`);
        await client.assertHit('other', 'stays');
      }
    },
  },
  {
    name: 'takes as many tags as an entry may have, and tags of a kilobyte',
    async run({ a, b, both }) {
      const tags = Array.from({ length: 128 }, (_, index) => `${'t'.repeat(index % 8 === 0 ? 1_000 : 10)}${index}`);
      await a.keep('wide', 1, { tags });
      await a.keep('other', 2, { tags: tags.slice(0, 127) });
      for (const client of both) await client.assertHit('wide', 1, { tags });
      await b.entries.invalidate(tags.slice(127));
      for (const client of both) {
        await client.assertGone('wide', { tags });
        await client.assertHit('other', 2);
      }
    },
  },
  {
    name: 'stays right after a thousand invalidations of as many tags',
    async run({ a, b, both }) {
      await a.keep('before', 1, { tags: ['tag 3'] });
      for (let index = 0; index < 1_000; index += 1)
        await (index % 2 === 0 ? a : b).entries.invalidate([`tag ${index}`]);
      await a.keep('after', 2, { tags: ['tag 3', 'tag 999'] });
      for (const client of both) {
        await client.assertGone('before');
        await client.assertHit('after', 2);
      }
    },
  },
  {
    name: 'tells what was never there from what expired and what was invalidated, and names the tag that did it',
    async run({ a, b, advance }) {
      await a.keep('expired', 1, { tags: ['x'], ttlMs: 20, retainMs: 60_000 });
      await a.keep('invalidated', 1, { tags: ['y', 'z'] });
      await advance(60);
      await b.entries.invalidate(['z']);
      assert.equal((await a.lead('absent', { tags: ['z'] })).reason, 'absent');
      assert.equal((await a.lead('expired', { tags: ['x'] })).reason, 'expired');
      const load = await a.lead('invalidated', { tags: ['y'] });
      assert.deepStrictEqual([load.reason, load.culprit], ['invalidated', 'z']);
    },
  },
];
