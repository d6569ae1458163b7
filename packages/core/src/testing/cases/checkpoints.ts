import assert from 'node:assert/strict';

import type { StoreCase } from '../store-case.ts';

const requires = ['checkpoints'] as const;

/** Checks checkpoints: what they hold, the newest one, the writes beside them, pages. */
export const checkpointCases: readonly StoreCase[] = [
  {
    name: 'keeps a checkpoint with the values of its channels, byte by byte',
    requires,
    async run({ checkpoints: [a, b] }) {
      const every = String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte));
      await a.put('1', { sets: { one: ['1', every], empty: ['7', ''] } });
      assert.deepEqual(await b.read('1'), {
        id: '1',
        parent: undefined,
        record: 'record of 1',
        metadata: 'metadata of 1',
        values: { one: every, empty: '' },
        writes: [],
      });
      await b.assertNone('2');
      await b.assertNone('1', { namespace: 'other' });
    },
  },
  {
    name: 'finds the newest checkpoint of a namespace, in whatever order they were stored',
    requires,
    async run({ checkpoints: [a, b] }) {
      await b.assertNone();
      for (const id of ['2', '10', '3', '\uffff', '1', '\u{1f600}']) await a.put(id);
      await a.put('\u{1f601}', { namespace: 'child' });
      assert.equal((await b.read()).id, '\u{1f600}');
      assert.equal((await b.read(undefined, { namespace: 'child' })).id, '\u{1f601}');
    },
  },
  {
    name: 'puts a checkpoint in place of one with the same id',
    requires,
    async run({ checkpoints: [a, b] }) {
      await a.put('1', { sets: { one: ['1', 'old'], two: ['1', 'gone'] } });
      await b.put('1', { sets: { one: ['1', 'new'] }, parent: '0' });
      const { values, parent } = await a.read('1');
      assert.deepEqual([values, parent], [{ one: 'new' }, '0']);
      assert.deepEqual(await a.list(), [['/1'], false]);
    },
  },
  {
    name: 'keeps writes that come before their checkpoint',
    requires,
    async run({ checkpoints: [a, b] }) {
      await a.write('1', [['task', 0, 'early']]);
      await b.assertNone('1');
      await a.put('1');
      assert.deepEqual((await b.read('1')).writes, ['task 0 early']);
      assert.deepEqual((await b.read()).writes, ['task 0 early']);
    },
  },
  {
    name: 'keeps the first write of an index, and the last one of an index below 0',
    requires,
    async run({ checkpoints: [a, b] }) {
      await a.put('1');
      await a.write('1', [
        ['task', -4, 'resume 1'],
        ['task', 1, 'first'],
      ]);
      await b.write('1', [
        ['task', -4, 'resume 2'],
        ['task', 1, 'second'],
        ['other', 1, 'its own'],
      ]);
      assert.deepEqual((await a.read('1')).writes, ['other 1 its own', 'task -4 resume 2', 'task 1 first']);
    },
  },
  {
    name: 'returns writes in the order of paths, tasks and indexes, by code points',
    requires,
    async run({ checkpoints: [a, b] }) {
      await a.put('1');
      await a.write('1', [
        ['a', 10, '', 'p'],
        ['a', 2, '', 'p'],
        ['\u{1f600}', 0, ''],
        ['\uffff', 0, ''],
        ['z', 0, '', 'o'],
        ['a', -1, '', 'p'],
      ]);
      const order = (await b.read('1')).writes.map((write) => write.trim());
      assert.deepEqual(order, ['\uffff 0', '\u{1f600} 0', 'z 0', 'a -1', 'a 2', 'a 10']);
    },
  },
  {
    name: 'lists a thread from the newest checkpoint on, page by page',
    requires,
    async run({ checkpoints: [a, b] }) {
      for (const id of ['1', '3', '5']) await a.put(id);
      for (const id of ['2', '3']) await a.put(id, { namespace: 'child' });
      const [all, isMore] = await b.list();
      assert.equal(isMore, false);
      assert.deepEqual(new Set(all.slice(1, 3)), new Set(['/3', 'child/3']));
      assert.deepEqual([...all.slice(0, 1), ...all.slice(3)], ['/5', 'child/2', '/1']);
      assert.deepEqual(await b.list({ limit: 0 }), [[], true]);
      assert.deepEqual(await b.list({ namespace: '' }), [['/5', '/3', '/1'], false]);
      assert.deepEqual(await b.list({ namespace: 'child', before: { id: '3' } }), [['child/2'], false]);
      assert.deepEqual(await b.list({ before: { id: '3' } }), [['child/2', '/1'], false]);
      assert.deepEqual(await b.list({ id: '3', namespace: '' }), [['/3'], false]);
      assert.deepEqual(await b.list({ id: '3' }), [all.slice(1, 3), false]);
      assert.deepEqual(await b.list({ id: '4' }), [[], false]);
      assert.deepEqual(await b.list({ thread: 'nobody' }), [[], false]);
      for (const limit of [1, 2, 3, 5]) {
        const found: string[] = [];
        for (let before: { id: string; namespace: string } | undefined, more = true; more;) {
          const page = await b.store.list({ thread: 'thread', before, limit });
          assert.ok(page.checkpoints.length <= limit);
          found.push(...page.checkpoints.map(({ namespace, id }) => `${namespace}/${id}`));
          more = page.more;
          before = page.checkpoints.at(-1);
        }
        assert.deepEqual(found, all);
      }
    },
  },
  {
    name: 'lists checkpoints with their values and writes',
    requires,
    async run({ checkpoints: [a, b] }) {
      await a.put('1', { sets: { one: ['1', 'value'] } });
      await a.write('1', [['task', 0, 'write']]);
      const { checkpoints } = await b.store.list({ thread: 'thread', limit: 1 });
      assert.deepEqual(checkpoints, [await b.store.read({ thread: 'thread', namespace: '', id: '1' })]);
    },
  },
];
