import assert from 'node:assert/strict';

import type { AdapterCase } from '../adapter-case.ts';
import { countedTool, heldTool, READ_STOCK, WRITE_STOCK } from '../conformance-tool.ts';

const PEN = { item: 'pen' };

/** Checks that no read serves what a write has changed. */
export const freshnessCases: readonly AdapterCase[] = [
  {
    name: 'reads anew what a write has changed, and nothing else',
    async run({ connect }) {
      const checkStock = countedTool('check_stock', READ_STOCK);
      const client = await connect(checkStock, countedTool('set_stock', WRITE_STOCK));
      assert.equal(await client.value('check_stock', PEN), 1);
      assert.equal(await client.value('check_stock', { item: 'book' }), 2);
      await client.value('set_stock', { ...PEN, count: 3 });
      assert.equal(await client.value('check_stock', PEN), 3);
      assert.equal(await client.value('check_stock', { item: 'book' }), 2);
    },
  },
  {
    name: 'runs a write every time',
    async run({ connect }) {
      const setStock = countedTool('set_stock', WRITE_STOCK);
      const client = await connect(setStock);
      await client.value('set_stock', PEN);
      await client.value('set_stock', PEN);
      assert.equal(setStock.runs(), 2);
    },
  },
  {
    name: 'reads anew after a write that has failed: it may have happened',
    async run({ connect }) {
      const setStock = countedTool('set_stock', WRITE_STOCK, () => {
        throw new Error('no answer in time');
      });
      const client = await connect(countedTool('check_stock', READ_STOCK), setStock);
      assert.equal(await client.value('check_stock', PEN), 1);
      await client.failure('set_stock', PEN);
      assert.equal(await client.value('check_stock', PEN), 2);
    },
  },
  {
    name: 'reads anew what the program has invalidated',
    async run({ cache, connect }) {
      const client = await connect(countedTool('check_stock', READ_STOCK));
      assert.equal(await client.value('check_stock', PEN), 1);
      await cache.invalidate('stock');
      assert.equal(await client.value('check_stock', PEN), 2);
    },
  },
  {
    name: 'lets nobody who comes after a write join a load from before it, and keeps nothing of that load',
    async run({ connect }) {
      const checkStock = heldTool('check_stock', READ_STOCK);
      const client = await connect(checkStock, countedTool('set_stock', WRITE_STOCK));
      const early = client.value('check_stock', PEN);
      const before = await checkStock.started(1);
      await client.value('set_stock', PEN);
      const late = client.value('check_stock', PEN);
      const after = await checkStock.started(2);
      after.answer('new');
      assert.equal(await late, 'new');
      before.answer('old');
      assert.equal(await early, 'old');
      assert.equal(await client.value('check_stock', PEN), 'new');
      assert.equal(checkStock.runs(), 2);
    },
  },
];
