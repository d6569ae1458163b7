import assert from 'node:assert/strict';

import type { AdapterCase } from '../adapter-case.ts';
import { countedTool, READ } from '../conformance-tool.ts';

/** Checks what comes back from a call, run or not. */
export const answerCases: readonly AdapterCase[] = [
  {
    name: 'answers the second of two identical calls without running the tool',
    async run({ connect }) {
      const getCart = countedTool('get_cart', READ, () => ({ items: ['book'], total: 12.5 }));
      const client = await connect(getCart);
      const input = { userId: 'u1', depth: 2 };
      const first = await client.value('get_cart', input);
      assert.deepStrictEqual(first, { items: ['book'], total: 12.5 });
      assert.deepStrictEqual(await client.value('get_cart', input), first);
      assert.equal(getCart.runs(), 1);
    },
  },
  {
    name: 'runs the tool with its input as it is, and with a signal',
    async run({ connect }) {
      const seen: unknown[] = [];
      const input = { userId: 'u1', filter: { tags: ['a', 'b'], note: null } };
      const client = await connect({
        name: 'get_cart',
        policy: READ,
        run(received, { signal }) {
          seen.push(received, signal instanceof AbortSignal);
          return 'cart';
        },
      });
      await client.value('get_cart', input, { signal: new AbortController().signal });
      assert.deepStrictEqual(seen, [input, true]);
    },
  },
  {
    name: 'gives the answer and every event the id of the call itself, also on a hit',
    async run({ cache, connect }) {
      const client = await connect(countedTool('get_cart', READ));
      const ids: unknown[] = [];
      cache.on((event) => {
        if (event.type === 'cache-miss' || event.type === 'cache-hit') ids.push(event.type, event.toolCallId);
      });
      await client.value('get_cart');
      await client.value('get_cart');
      assert.deepStrictEqual(ids, ['cache-miss', 'call_1', 'cache-hit', 'call_2']);
    },
  },
  {
    name: 'keeps results that are empty or nothing',
    async run({ connect }) {
      for (const [place, empty] of ['', 0, false, null, [], {}].entries()) {
        const tool = countedTool(`get_${place}`, READ, () => empty);
        const client = await connect(tool);
        assert.deepStrictEqual(await client.value(tool.name), empty);
        assert.deepStrictEqual(await client.value(tool.name), empty);
        assert.equal(tool.runs(), 1, `${JSON.stringify(empty)} is not kept`);
      }
    },
  },
  {
    name: 'lets a caller change its result without changing the results of others',
    async run({ connect }) {
      const client = await connect(countedTool('get_cart', READ, () => ({ items: ['book'] })));
      for (let call = 0; call < 3; call += 1) {
        const cart = (await client.value('get_cart')) as { items: string[] };
        assert.deepStrictEqual(cart, { items: ['book'] });
        cart.items.push('pen');
      }
    },
  },
  {
    name: 'runs a tool that no policy names every time',
    async run({ connect }) {
      const roll = countedTool('roll', undefined);
      const client = await connect(roll);
      assert.equal(await client.value('roll'), 1);
      assert.equal(await client.value('roll'), 2);
    },
  },
  {
    name: 'lets through what steers the framework, and keeps nothing of it',
    requires: ['control-flow'],
    async run({ connect, controlFlow }) {
      for (const [place, { name, run }] of controlFlow.entries()) {
        const tool = countedTool(`steer_${place}`, READ, run);
        const client = await connect(tool);
        // What the framework makes of it is the framework's business, and is tested there.
        await client.call(tool.name).catch(() => undefined);
        await client.call(tool.name).catch(() => undefined);
        assert.equal(tool.runs(), 2, `${name} is kept`);
      }
    },
  },
];
