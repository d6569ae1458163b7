import assert from 'node:assert/strict';

import type { AdapterCase } from '../adapter-case.ts';
import { heldTool, READ } from '../conformance-tool.ts';
import { until } from '../until.ts';

/** Checks that identical calls run once. */
export const concurrencyCases: readonly AdapterCase[] = [
  {
    name: 'runs identical calls that come at once a single time',
    async run({ store, connect }) {
      const getCart = heldTool('get_cart', READ);
      const client = await connect(getCart);
      const calls = Array.from({ length: 5 }, () => client.value('get_cart', { userId: 'u1' }));
      const all = Promise.all(calls);
      await until('every call has begun', () => store.calls('acquire') >= 5);
      assert.equal(getCart.runs(), 1);
      (await getCart.started(1)).answer({ items: [] });
      assert.deepStrictEqual(
        await all,
        Array.from({ length: 5 }, () => ({ items: [] })),
      );
    },
  },
  {
    name: 'tells everybody who waits that the tool has failed',
    async run({ store, connect }) {
      const getCart = heldTool('get_cart', READ);
      const client = await connect(getCart);
      const failures = Promise.all([client.failure('get_cart'), client.failure('get_cart')]);
      await until('both calls have begun', () => store.calls('acquire') >= 2);
      assert.equal(getCart.runs(), 1);
      (await getCart.started(1)).fail(new Error('no connection'));
      for (const message of await failures) assert.match(message, /no connection/);
    },
  },
  {
    name: 'runs calls with different inputs side by side',
    async run({ connect }) {
      const getCart = heldTool('get_cart', READ);
      const client = await connect(getCart);
      const both = Promise.all([client.value('get_cart', { id: 1 }), client.value('get_cart', { id: 2 })]);
      await getCart.started(2);
      for (const place of [2, 1]) {
        const run = await getCart.started(place);
        run.answer(run.input['id']);
      }
      assert.deepStrictEqual(await both, [1, 2]);
    },
  },
];
