import assert from 'node:assert/strict';

import type { AdapterCase } from '../adapter-case.ts';
import { countedTool } from '../conformance-tool.ts';
import type { ToolPolicy } from '../../tool-policy.ts';

const PRIVATE: ToolPolicy = { kind: 'read' };
const OF_USER: ToolPolicy = { kind: 'read', scope: 'user' };

/** Checks who may see a result. */
export const scopeCases: readonly AdapterCase[] = [
  {
    name: 'keeps a result within the session that the framework names',
    async run({ cache, connect }) {
      const client = await connect(countedTool('get_notes', PRIVATE));
      const [one, other] = [cache.openSession({ id: 'one' }), cache.openSession({ id: 'other' })];
      assert.equal(await client.value('get_notes', {}, { session: one }), 1);
      assert.equal(await client.value('get_notes', {}, { session: other }), 2);
      assert.equal(await client.value('get_notes', {}, { session: one }), 1);
      assert.equal(await client.value('get_notes', {}, { session: other }), 2);
    },
  },
  {
    name: 'finds the session that is active around the call',
    async run({ cache, connect }) {
      const client = await connect(countedTool('get_notes', PRIVATE));
      const [one, other] = [cache.openSession(), cache.openSession()];
      assert.equal(await one.run(() => client.value('get_notes')), 1);
      assert.equal(await other.run(() => client.value('get_notes')), 2);
      assert.equal(await one.run(() => client.value('get_notes')), 1);
    },
  },
  {
    name: 'keeps nothing private where there is no session',
    async run({ connect }) {
      const client = await connect(countedTool('get_notes', PRIVATE), countedTool('get_profile', OF_USER));
      for (const tool of ['get_notes', 'get_profile']) {
        assert.equal(await client.value(tool), 1);
        assert.equal(await client.value(tool), 2);
      }
    },
  },
  {
    name: 'shares the results of a user among the sessions of that user alone',
    async run({ cache, connect }) {
      const client = await connect(countedTool('get_profile', OF_USER));
      const [first, second, other] = ['ada', 'ada', 'bob'].map((userId) => cache.openSession({ userId }));
      assert.ok(first !== undefined && second !== undefined && other !== undefined);
      assert.equal(await client.value('get_profile', {}, { session: first }), 1);
      assert.equal(await client.value('get_profile', {}, { session: second }), 1);
      assert.equal(await client.value('get_profile', {}, { session: other }), 2);
    },
  },
  {
    name: 'drops what a session has stored when it ends',
    async run({ cache, connect }) {
      const client = await connect(countedTool('get_notes', PRIVATE));
      const session = cache.openSession({ id: 'thread' });
      assert.equal(await client.value('get_notes', {}, { session }), 1);
      await session.end();
      const again = cache.openSession({ id: 'thread' });
      assert.equal(await client.value('get_notes', {}, { session: again }), 2);
    },
  },
];
