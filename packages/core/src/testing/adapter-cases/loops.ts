import assert from 'node:assert/strict';

import type { AdapterCase } from '../adapter-case.ts';
import { countedTool, READ, READ_STOCK, WRITE_STOCK } from '../conformance-tool.ts';

const PEN = { item: 'pen' };

/** Checks that an agent which runs in circles is stopped, warned or answered, as its session says. */
export const loopCases: readonly AdapterCase[] = [
  {
    name: 'refuses a call that was made too often, hits included, and says so',
    async run({ cache, connect }) {
      const tools = [
        countedTool('get_cart', READ),
        countedTool('set_stock', WRITE_STOCK),
        countedTool('roll', undefined),
      ];
      const client = await connect(...tools);
      for (const { name } of tools) {
        const session = cache.openSession({ maxToolRepeats: 2 });
        await client.value(name, PEN, { session });
        await client.value(name, PEN, { session });
        const message = await client.failure(name, PEN, { session });
        assert.ok(message.includes(`Loop detected: ${name} was called 3 times with the same arguments`), message);
      }
      assert.deepStrictEqual(
        tools.map((tool) => tool.runs()),
        [1, 2, 2],
      );
    },
  },
  {
    name: 'refuses the call that would close a cycle, before it runs',
    async run({ cache, connect }) {
      const updateStock = countedTool('update_stock', WRITE_STOCK);
      const client = await connect(countedTool('check_stock', READ_STOCK), updateStock);
      const session = cache.openSession();
      for (const tool of ['check_stock', 'update_stock', 'check_stock']) await client.value(tool, PEN, { session });
      const message = await client.failure('update_stock', PEN, { session });
      assert.ok(message.includes('Cycle detected: check_stock -> update_stock'), message);
      assert.equal(updateStock.runs(), 1);
    },
  },
  {
    name: 'takes calls with other inputs for progress',
    async run({ cache, connect }) {
      const client = await connect(countedTool('get_cart', READ));
      const session = cache.openSession({ maxToolRepeats: 1 });
      for (let id = 1; id < 9; id += 1) assert.equal(await client.value('get_cart', { id }, { session }), id);
    },
  },
  {
    name: 'lets a loop run on where the session only warns, and tells listeners',
    async run({ cache, connect }) {
      const client = await connect(countedTool('roll', undefined));
      const warnings: string[] = [];
      cache.on((event) => {
        if (event.type === 'loop-detected') warnings.push(`${event.action} ${event.toolCallId}`);
      });
      const session = cache.openSession({ maxToolRepeats: 2, onLoop: 'warn' });
      for (let runs = 1; runs < 5; runs += 1) assert.equal(await client.value('roll', {}, { session }), runs);
      assert.deepStrictEqual(warnings, ['warn call_3']);
      assert.equal(session.metrics().loopDetections, 2);
    },
  },
  {
    name: 'answers a loop without running it where the session says so: a read with what is cached, never a write',
    async run({ cache, connect }) {
      const tools = [countedTool('get_cart', READ, () => 'cart'), countedTool('set_stock', WRITE_STOCK)] as const;
      const client = await connect(...tools);
      const session = cache.openSession({ maxToolRepeats: 1, onLoop: 'short_circuit' });
      for (let call = 0; call < 3; call += 1) {
        assert.equal(await client.value('get_cart', {}, { session }), 'cart');
        await client.value('set_stock', PEN, { session });
      }
      assert.deepStrictEqual(
        tools.map((tool) => tool.runs()),
        [1, 1],
      );
      assert.equal(session.metrics().loopDetections, 4);
    },
  },
];
