import assert from 'node:assert/strict';

import type { StoreCase } from '../store-case.ts';

const requires = ['checkpoints'] as const;

const HOSTILE = [
  '',
  'a',
  'a:b',
  'a%3Ab',
  '*',
  '?',
  '[a-z]',
  '{x}',
  '}{',
  '\\',
  '%',
  '_',
  "'; DROP TABLE checkpoints; --",
  '\0',
  'a\0b',
  '\n',
  '\u{1f600}',
  '\ud83d',
  '\ude00',
  '__proto__',
  'constructor',
  'k'.repeat(1_024),
];

/** Checks threads: that they are apart, and what can be done to a whole one. */
export const checkpointThreadCases: readonly StoreCase[] = [
  {
    name: 'keeps threads apart, whatever their ids hold',
    requires,
    async run({ checkpoints: [a, b] }) {
      const ids = HOSTILE.map((thread, index) => [thread, String(index)] as const);
      for (const [thread, id] of ids) {
        await a.put(id, { thread, sets: { [thread]: [thread, id] } });
        await a.write(id, [[thread, 0, id, thread, thread]], { thread });
      }
      for (const [thread, id] of ids) {
        const { values, writes } = await b.read(undefined, { thread });
        assert.deepEqual(Object.entries(values), [[thread, id]]);
        assert.deepEqual(writes, [`${thread} 0 ${id}`]);
        assert.deepEqual(await b.list({ thread }), [[`/${id}`], false]);
      }
      const { keys } = await b.threads();
      assert.deepEqual(new Set(keys), new Set(HOSTILE));
      for (const [index, [thread]] of ids.entries()) {
        await b.store.deleteThread(thread);
        await a.assertNone(undefined, { thread });
        for (const [other, id] of ids.slice(index + 1))
          assert.equal((await a.read(undefined, { thread: other })).id, id);
      }
      assert.deepEqual((await a.threads()).keys, []);
    },
  },
  {
    name: 'keeps namespaces and ids of a thread apart, whatever they hold',
    requires,
    async run({ checkpoints: [a, b] }) {
      const places = HOSTILE.flatMap((namespace) => ['a', '\0', ':', '{x}'].map((id) => ({ namespace, id })));
      for (const { namespace, id } of places) {
        await a.put(id, { namespace, sets: { one: ['1', `${namespace.length}/${id}`] } });
        await a.write(id, [['task', 0, id]], { namespace });
      }
      for (const { namespace, id } of places) {
        const { values, writes } = await b.read(id, { namespace });
        assert.deepEqual([values['one'], writes], [`${namespace.length}/${id}`, [`task 0 ${id}`]]);
      }
      assert.equal((await b.list({ limit: 1_000 }))[0].length, places.length);
    },
  },
  {
    name: 'keeps the threads of two namespaces of the store apart',
    requires,
    async run({ checkpoints: [a], openCheckpoints }) {
      const [other] = await openCheckpoints('other');
      await a.put('1');
      await other.assertNone('1');
      assert.deepEqual((await other.threads()).keys, []);
      await other.store.deleteThread('thread');
      assert.equal((await a.read()).id, '1');
    },
  },
  {
    name: 'lists threads page by page, those included that hold writes only',
    requires,
    async run({ checkpoints: [a, b] }) {
      for (const thread of ['b', 'a:2', 'a:1']) await a.put('1', { thread });
      await a.write('1', [['task', 0, 'write']], { thread: 'a:3' });
      assert.deepEqual(await b.threads(), { keys: ['a:1', 'a:2', 'a:3', 'b'], more: false });
      assert.deepEqual(await b.threads({ prefix: 'a:', limit: 2 }), { keys: ['a:1', 'a:2'], more: true });
      assert.deepEqual(await b.threads({ prefix: 'a:', after: 'a:2', limit: 2 }), { keys: ['a:3'], more: false });
    },
  },
  {
    name: 'deletes a thread with all its namespaces and with writes that have no checkpoint',
    requires,
    async run({ checkpoints: [a, b] }) {
      await a.put('1', { sets: { one: ['1', 'value'] } });
      await a.put('2', { namespace: 'child' });
      await a.write('1', [['task', 0, 'write']]);
      await a.write('3', [['task', 0, 'write']]);
      await b.store.deleteThread('thread');
      await b.store.deleteThread('thread');
      assert.deepEqual(await a.list(), [[], false]);
      for (const id of ['1', '3']) await a.put(id);
      for (const id of ['1', '3']) assert.deepEqual((await b.read(id)).writes, []);
      assert.equal((await a.tryPut('4', { parent: '1', shares: { one: '1' } })).kind, 'missing');
    },
  },
  {
    name: 'copies a thread, in place of what was there, and leaves both on their own',
    requires,
    async run({ checkpoints: [a, b] }) {
      await a.put('1', { sets: { one: ['1', 'value'] } });
      await a.put('2', { parent: '1', shares: { one: '1' } });
      await a.put('2', { namespace: 'child' });
      await a.write('2', [['task', 0, 'write']]);
      await a.put('9', { thread: 'copy' });
      await a.store.copyThread('thread', 'copy');
      const where = { thread: 'copy' };
      assert.deepEqual(await b.list(where), await b.list());
      assert.deepEqual(await b.read('2', where), await b.read('2'));
      await b.store.deleteThread('thread');
      assert.deepEqual((await a.read(undefined, where)).values, { one: 'value' });
      await a.put('3', { ...where, parent: '2', shares: { one: '1' } });
      assert.deepEqual((await b.read('3', where)).values, { one: 'value' });
      await a.store.copyThread('thread', 'copy');
      assert.deepEqual(await b.list(where), [[], false]);
    },
  },
  {
    name: 'prunes all but the newest checkpoints of each namespace, which stay whole',
    requires,
    async run({ checkpoints: [a, b] }) {
      await a.put('1', { sets: { old: ['1', 'shared'], new: ['1', 'gone'] } });
      await a.put('2', { parent: '1', sets: { new: ['2', 'kept'] }, shares: { old: '1' } });
      await a.put('3', { parent: '2', shares: { old: '1', new: '2' } });
      await a.put('1', { namespace: 'child' });
      for (const id of ['1', '2', '3']) await a.write(id, [['task', 0, `write ${id}`]]);
      assert.equal(await b.store.prune('thread', { keepLast: 2 }), 1);
      assert.deepEqual(await a.list(), [['/3', '/2', 'child/1'], false]);
      assert.equal(await b.store.prune('thread', { keepLast: 1 }), 1);
      assert.equal(await b.store.prune('thread', { keepLast: 1 }), 0);
      const { values, writes } = await a.read('3');
      assert.deepEqual([values, writes], [{ old: 'shared', new: 'kept' }, ['task 0 write 3']]);
      await a.put('1');
      assert.deepEqual((await b.read('1')).writes, []);
      assert.equal(await b.store.prune('nobody', { keepLast: 1 }), 0);
    },
  },
];
