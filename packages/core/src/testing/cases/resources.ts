import type { ResourcePath } from '../../resource/resource-path.ts';
import { GLOBAL_TREE, readTags, userTree } from '../../resource/resource-tags.ts';
import type { StoreCase } from '../store-case.ts';

const SEGMENTS = ['', 'a', 'b', '/'];
const PATHS: readonly ResourcePath[] = [
  [],
  ...SEGMENTS.map((one) => [one]),
  ...SEGMENTS.flatMap((one) => SEGMENTS.map((two) => [one, two])),
];

function isPrefix(one: ResourcePath, other: ResourcePath): boolean {
  return one.length <= other.length && one.every((segment, index) => segment === other[index]);
}

/** Checks that resources do what they say when they have become tags: a read dies if and only if one path is a prefix of the other. */
export const resourceCases: readonly StoreCase[] = [
  {
    name: 'drops the entity that was written and the list it is in, and leaves its siblings',
    async run({ a, b, both }) {
      await a.keep('list', 1, { reads: [['order']] });
      await a.keep('order 42', 2, { reads: [['order', '42']] });
      await a.keep('lines of order 42', 3, { reads: [['order', '42', 'lines']] });
      await a.keep('order 43', 4, { reads: [['order', '43']] });
      await a.keep('order 4', 5, { reads: [['order', '4']] });
      await b.invalidate([['order', '42']]);
      for (const client of both) {
        await client.assertGone('list');
        await client.assertGone('order 42');
        await client.assertGone('lines of order 42');
        await client.assertHit('order 43', 4);
        await client.assertHit('order 4', 5);
      }
    },
  },
  {
    name: 'drops everything below what was written',
    async run({ a, b, both }) {
      await a.keep('order 42', 1, { reads: [['order', '42']] });
      await a.keep('lines', 2, { reads: [['order', '42', 'lines']] });
      await a.keep('orders', 3, { reads: [['orders']] });
      await b.invalidate([['order']]);
      for (const client of both) {
        await client.assertGone('order 42');
        await client.assertGone('lines');
        await client.assertHit('orders', 3);
      }
    },
  },
  {
    name: 'drops an entry of several resources with any one of them',
    async run({ a, b, both }) {
      const reads = [['cart', 'u1'], ['product', 'p1'], ['stock']];
      for (const written of [['cart', 'u1'], ['product'], ['stock', 'warehouse 7']]) {
        await a.keep('page', 1, { reads });
        await b.invalidate([written]);
        for (const client of both) await client.assertGone('page', { reads });
      }
      await a.keep('page', 1, { reads });
      await b.invalidate([
        ['cart', 'u2'],
        ['product', 'p2'],
      ]);
      for (const client of both) await client.assertHit('page', 1, { reads });
    },
  },
  {
    name: 'refuses a list that was loaded while an entity of it was written',
    async run({ a, b, both }) {
      const list = await a.lead('list', { reads: [['order']] });
      const sibling = await a.lead('order 43', { reads: [['order', '43']] });
      await b.invalidate([['order', '42']]);
      for (const load of [list, sibling]) await load.commit(1);
      for (const client of both) {
        await client.assertGone('list');
        await client.assertHit('order 43', 1);
      }
    },
  },
  {
    name: 'goes by the prefix rule for every pair of paths, whatever is in their segments',
    async run({ a, b }) {
      for (const written of PATHS) {
        await a.clear();
        for (const [index, path] of PATHS.entries()) await a.put(`read ${index}`, index, { reads: [path] });
        await a.invalidate([written]);
        for (const [index, path] of PATHS.entries()) {
          const dies = isPrefix(path, written) || isPrefix(written, path);
          await (dies ? b.assertMiss(`read ${index}`) : b.assertHit(`read ${index}`, index));
        }
      }
    },
  },
  {
    name: 'drops every entry of a tree when the tree itself is written',
    async run({ a, b, both }) {
      await a.keep('cart', 1, { reads: [['cart', 'u1']] });
      await a.keep('no resource', 2, { reads: [] });
      await b.invalidate([[]]);
      for (const client of both) {
        await client.assertGone('cart');
        await client.assertGone('no resource');
      }
    },
  },
  {
    name: 'keeps the trees of users apart, and lets a global write reach them all',
    async run({ a, b, both }) {
      const cart = [['cart']];
      for (const user of ['u1', 'u2', 'u1:', 'u']) {
        await a.keep(user, user, { tags: [...readTags(userTree(user), cart), ...readTags(GLOBAL_TREE, cart)] });
      }
      await a.keep('everybody', 0, { reads: cart });
      await b.invalidate(cart, { tree: userTree('u1') });
      for (const client of both) {
        await client.assertGone('u1');
        for (const user of ['u2', 'u1:', 'u']) await client.assertHit(user, user);
        await client.assertHit('everybody', 0);
      }
      await b.invalidate(cart);
      for (const client of both) for (const user of ['u2', 'u1:', 'u', 'everybody']) await client.assertGone(user);
    },
  },
];
