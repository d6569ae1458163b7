import assert from 'node:assert/strict';

import type { CommitResult } from '../../store/entry-store.ts';
import type { StoreCase } from '../store-case.ts';
import { assertSettles } from './waiting.ts';

const CART = { tags: ['cart'] };

/** Asserts that a value was refused. Stores may see a superseded load as replaced or as invalidated. */
function assertRefused(result: CommitResult): void {
  assert.ok(result === 'replaced' || result === 'invalidated', `expected the value to be refused, it was ${result}`);
}

/** Checks that whoever sets or deletes a value has the last word against loads that are under way. */
export const supersedingCases: readonly StoreCase[] = [
  {
    name: 'keeps a value that was set while another was loaded',
    async run({ a, b, both, advance }) {
      const load = await a.lead('cart', CART);
      const { settled } = await b.follow('cart', CART);
      await b.put('cart', 'set', CART);
      await assertSettles(settled, advance);
      for (const client of both) await client.assertHit('cart', 'set', CART);
      assertRefused(await load.commit('loaded'));
      for (const client of both) await client.assertHit('cart', 'set', CART);
    },
  },
  {
    name: 'leaves nothing behind when a value is deleted while it is loaded',
    async run({ a, b, both, advance }) {
      const load = await a.lead('cart', CART);
      const { settled } = await b.follow('cart', CART);
      assert.equal(await b.delete('cart'), false);
      await assertSettles(settled, advance);
      assertRefused(await load.commit('loaded'));
      for (const client of both) await client.assertGone('cart', CART);
    },
  },
  {
    name: 'lets a reader who comes after the deletion load for itself',
    async run({ a, b, both }) {
      const old = await a.lead('cart', CART);
      await b.delete('cart');
      const next = await b.lead('cart', CART);
      assertRefused(await old.commit('old'));
      assert.equal(await next.commit('new'), 'stored');
      for (const client of both) await client.assertHit('cart', 'new', CART);
    },
  },
  {
    name: 'leaves loads of other keys alone',
    async run({ a, b, both }) {
      const load = await a.lead('cart', CART);
      await b.put('order', 1, CART);
      await b.delete('order');
      await b.delete('car');
      assert.equal(await load.commit('loaded'), 'stored');
      for (const client of both) await client.assertHit('cart', 'loaded', CART);
    },
  },
  {
    name: 'invalidates a value that was set like any other',
    async run({ a, b, both }) {
      await a.entries.invalidate(['cart']);
      await a.put('cart', 1, CART);
      for (const client of both) await client.assertHit('cart', 1, CART);
      await b.entries.invalidate(['cart']);
      for (const client of both) await client.assertGone('cart', CART);
      await b.put('cart', 2, CART);
      for (const client of both) await client.assertHit('cart', 2, CART);
    },
  },
  {
    name: 'lets the second of two settings win',
    async run({ a, b, both }) {
      await a.put('cart', 1, CART);
      await b.put('cart', 2, CART);
      await a.delete('cart');
      await b.put('cart', 3, CART);
      for (const client of both) await client.assertHit('cart', 3, CART);
    },
  },
];
