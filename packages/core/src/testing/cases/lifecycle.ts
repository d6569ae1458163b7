import type { StoreCase } from '../store-case.ts';

/** Checks how a store is opened and closed. */
export const lifecycleCases: readonly StoreCase[] = [
  {
    name: 'opens a namespace as often as it is asked, each time with the same data',
    async run({ a, open }) {
      await a.keep('cart', 1);
      for (const client of [...open('conformance'), ...open('conformance')]) await client.assertHit('cart', 1);
    },
  },
  {
    name: 'may be closed twice',
    async run({ close }) {
      await close('a');
      await close('a');
      await close('b');
      await close('b');
    },
  },
  {
    name: 'may be closed while a load is under way',
    async run({ a, close }) {
      await a.lead('cart');
      await close('a');
    },
  },
  {
    name: 'keeps what is stored when one of its clients closes',
    requires: ['shared'],
    async run({ a, b, close }) {
      await a.keep('cart', 1, { tags: ['cart'] });
      await close('a');
      await b.assertHit('cart', 1, { tags: ['cart'] });
      await b.entries.invalidate(['cart']);
      await b.assertGone('cart', { tags: ['cart'] });
    },
  },
];
