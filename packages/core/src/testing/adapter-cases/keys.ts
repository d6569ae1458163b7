import assert from 'node:assert/strict';

import type { AdapterCase } from '../adapter-case.ts';
import type { ToolInput } from '../adapter-port.ts';
import { countedTool, READ } from '../conformance-tool.ts';

const DIFFERENT: readonly ToolInput[] = [
  { id: 1 },
  { id: '1' },
  { id: [1] },
  { id: { 0: 1 } },
  { id: null },
  { id: 'null' },
  { id: true },
  { id: 'true' },
  { id: '' },
  {},
  { a: '1', b: '2' },
  { a: '1,b:2' },
  { a: '1', b: 2 },
  { a: { b: 1 } },
  { 'a.b': 1 },
];

/** Checks which calls are the same. */
export const keyCases: readonly AdapterCase[] = [
  {
    name: 'keeps apart the same input of two tools',
    async run({ connect }) {
      const tools = ['get_weather', 'get_population'].map((name) => countedTool(name, READ, () => name));
      const client = await connect(...tools);
      for (const { name } of tools) assert.equal(await client.value(name, { city: 'Sofia' }), name);
      for (const { name } of tools) assert.equal(await client.value(name, { city: 'Sofia' }), name);
      assert.deepStrictEqual(
        tools.map((tool) => tool.runs()),
        [1, 1],
      );
    },
  },
  {
    name: 'keeps apart inputs that look alike: 1 and "1", null and "null", nested and flat',
    async run({ connect }) {
      const look = countedTool('look', READ, (input) => JSON.stringify(input));
      const client = await connect(look);
      for (const input of [...DIFFERENT, ...DIFFERENT]) {
        assert.equal(await client.value('look', input), JSON.stringify(input));
      }
      assert.equal(look.runs(), DIFFERENT.length);
    },
  },
  {
    name: 'takes the same properties in another order for the same input',
    async run({ connect }) {
      const look = countedTool('look', READ);
      const client = await connect(look);
      await client.value('look', { a: 1, b: { c: 2, d: 3 } });
      await client.value('look', { b: { d: 3, c: 2 }, a: 1 });
      assert.equal(look.runs(), 1);
    },
  },
];
