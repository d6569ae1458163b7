import assert from 'node:assert/strict';

import type { AdapterCase } from '../adapter-case.ts';
import { countedTool, READ, WRITE_STOCK } from '../conformance-tool.ts';

/** Checks that a tool which fails is seen to fail, and is asked again. */
export const errorCases: readonly AdapterCase[] = [
  {
    name: 'reports an error that a tool throws, and does not keep it',
    async run({ connect }) {
      const getCart = countedTool('get_cart', READ, (_, runs) => {
        if (runs < 3) throw new Error(`no connection, attempt ${runs}`);
        return 'cart';
      });
      const client = await connect(getCart);
      assert.match(await client.failure('get_cart'), /no connection, attempt 1/);
      assert.match(await client.failure('get_cart'), /no connection, attempt 2/);
      assert.equal(await client.value('get_cart'), 'cart');
      assert.equal(await client.value('get_cart'), 'cart');
      assert.equal(getCart.runs(), 3);
    },
  },
  {
    name: 'reports an error of a tool that writes',
    async run({ connect }) {
      const setStock = countedTool('set_stock', WRITE_STOCK, () => {
        throw new Error('the shelf is locked');
      });
      const client = await connect(setStock);
      for (let runs = 1; runs < 3; runs += 1) {
        assert.match(await client.failure('set_stock', { item: 'pen' }), /the shelf is locked/);
        assert.equal(setStock.runs(), runs);
      }
    },
  },
  {
    name: 'hands out the very error that the tool has thrown',
    requires: ['error-identity'],
    async run({ connect }) {
      const thrown = new TypeError('no connection');
      const fail = (): never => {
        throw thrown;
      };
      const client = await connect(countedTool('get_cart', READ, fail), countedTool('set_stock', WRITE_STOCK, fail));
      assert.equal((await client.call('get_cart')).error, thrown);
      assert.equal((await client.call('set_stock', { item: 'pen' })).error, thrown);
    },
  },
  {
    name: 'does not keep a result that says the tool has failed',
    requires: ['returned-errors'],
    async run({ connect, failure }) {
      const getCart = countedTool('get_cart', READ, (_, runs) => (runs === 1 ? failure('no connection') : 'cart'));
      const client = await connect(getCart);
      const first = await client.call('get_cart');
      assert.match(`${first.message} ${JSON.stringify(first.value)}`, /no connection/);
      assert.equal(await client.value('get_cart'), 'cart');
      assert.equal(await client.value('get_cart'), 'cart');
      assert.equal(getCart.runs(), 2);
    },
  },
];
