import assert from 'node:assert/strict';

import type { AdapterCase } from '../adapter-case.ts';
import { READ, streamingTool } from '../conformance-tool.ts';
import { until } from '../until.ts';

const PARTS = [{ found: 1 }, { found: 2 }, { found: 3, done: true }];

/** Checks tools that give preliminary results before the last one. */
export const streamingCases: readonly AdapterCase[] = [
  {
    name: 'streams a tool that runs, and answers a hit with its final result',
    requires: ['streaming'],
    async run({ connect }) {
      const search = streamingTool('search', READ, PARTS);
      const client = await connect(search);
      const first = await client.call('search');
      assert.deepStrictEqual(first.parts, PARTS);
      assert.deepStrictEqual(first.value, PARTS.at(-1));
      assert.deepStrictEqual(await client.value('search'), PARTS.at(-1));
      assert.equal(search.runs(), 1);
    },
  },
  {
    name: 'streams each part as soon as it is there',
    requires: ['streaming'],
    async run({ connect }) {
      const { promise, resolve } = Promise.withResolvers<void>();
      let isTaken = false;
      const client = await connect({
        name: 'search',
        policy: READ,
        run: () => undefined,
        async *stream() {
          yield 'early';
          isTaken = true;
          await promise;
          yield 'late';
          return 'late';
        },
      });
      const call = client.call('search');
      await until('the first part is taken while the tool still runs', () => isTaken);
      resolve();
      assert.deepStrictEqual((await call).parts, ['early', 'late']);
    },
  },
  {
    name: 'runs identical streaming calls that come at once a single time',
    requires: ['streaming'],
    async run({ connect }) {
      const search = streamingTool('search', READ, PARTS);
      const client = await connect(search);
      const values = await Promise.all([client.value('search'), client.value('search'), client.value('search')]);
      assert.deepStrictEqual(values, [PARTS.at(-1), PARTS.at(-1), PARTS.at(-1)]);
      assert.equal(search.runs(), 1);
    },
  },
  {
    name: 'reports an error in the middle of a stream, and keeps nothing of the stream',
    requires: ['streaming'],
    async run({ connect }) {
      const search = streamingTool('search', READ, [{ found: 1 }, new Error('the index is gone')]);
      const client = await connect(search);
      assert.match(await client.failure('search'), /the index is gone/);
      assert.match(await client.failure('search'), /the index is gone/);
      assert.equal(search.runs(), 2);
    },
  },
  {
    name: 'keeps nothing of a stream whose only caller is aborted',
    requires: ['streaming'],
    async run({ connect }) {
      const gate = Promise.withResolvers<void>();
      let runs = 0;
      const client = await connect({
        name: 'search',
        policy: READ,
        run: () => undefined,
        async *stream() {
          runs += 1;
          yield { run: runs };
          if (runs === 1) await gate.promise;
          yield { run: runs, done: true };
          return { run: runs, done: true };
        },
      });
      const controller = new AbortController();
      const aborted = client.call('search', {}, { signal: controller.signal }).catch(() => undefined);
      await until('the tool runs', () => runs === 1);
      controller.abort(new Error('stopped by the user'));
      assert.notEqual((await aborted)?.status, 'answered');
      gate.resolve();
      assert.deepStrictEqual(await client.value('search'), { run: 2, done: true });
      assert.equal(runs, 2);
    },
  },
];
