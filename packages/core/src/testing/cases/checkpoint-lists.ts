import assert from 'node:assert/strict';

import type { StoreCase } from '../store-case.ts';

const requires = ['checkpoints'] as const;

/** Checks lists in pieces: that they share what they begin with, and that each of them stays whole. */
export const checkpointListCases: readonly StoreCase[] = [
  {
    name: 'keeps a list beside values, piece by piece and byte by byte',
    requires,
    async run({ checkpoints: [a, b] }) {
      const every = String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte));
      const texts = ['', every, 'last', ''];
      await a.put('1', { sets: { one: ['1', 'value'] }, lists: { list: ['1', texts], empty: ['1', []] } });
      const { values } = await b.read('1');
      assert.deepEqual(values, { one: 'value', list: texts, empty: [] });
      const { checkpoints } = await b.store.list({ thread: 'thread', limit: 1 });
      assert.deepEqual(checkpoints, [await b.store.read({ thread: 'thread', namespace: '', id: '1' })]);
    },
  },
  {
    name: 'goes on from a list that the thread holds, whoever put it',
    requires,
    async run({ checkpoints: [a, b] }) {
      await a.put('1', { lists: { list: ['1', ['a', 'b']] } });
      await b.put('2', { parent: '1', lists: { list: ['2', ['a', 'b', 'c'], 2] } });
      await a.put('3', { parent: '2', lists: { list: ['3', ['a', 'b', 'c', 'd', 'e'], 3] } });
      await b.put('4', { parent: '3', shares: { list: '3' } });
      await a.put('5', { parent: '4', lists: { list: ['4', ['a', 'b', 'c', 'd', 'e'], 5] } });
      const lists = await Promise.all(['1', '2', '3', '4', '5'].map(async (id) => (await b.read(id)).values['list']));
      const all = ['a', 'b', 'c', 'd', 'e'];
      assert.deepEqual(lists, [all.slice(0, 2), all.slice(0, 3), all, all, all]);
    },
  },
  {
    name: 'keeps the lists of two branches apart that have the same versions',
    requires,
    async run({ checkpoints: [a, b] }) {
      await a.put('1', { lists: { list: ['1', ['root']] } });
      await a.put('2', { parent: '1', lists: { list: ['2', ['root', 'left'], 1] } });
      await b.put('3', { parent: '1', lists: { list: ['2', ['root', 'right'], 1] } });
      await a.put('4', { parent: '2', lists: { list: ['3', ['root', 'left', 'end'], 2] } });
      await b.put('5', { parent: '3', lists: { list: ['3', ['root', 'right', 'end'], 2] } });
      const ends = await Promise.all(['2', '3', '4', '5'].map(async (id) => (await a.read(id)).values['list']));
      assert.deepEqual(ends, [
        ['root', 'left'],
        ['root', 'right'],
        ['root', 'left', 'end'],
        ['root', 'right', 'end'],
      ]);
    },
  },
  {
    name: 'goes on from any beginning of a list: after an edit, and after it was cut',
    requires,
    async run({ checkpoints: [a, b] }) {
      const texts = ['a', 'b', 'c', 'd'];
      await a.put('1', { lists: { list: ['1', texts] } });
      await b.put('2', { parent: '1', lists: { list: ['2', ['a', 'b', 'EDIT', 'd'], 2] } });
      await b.put('3', { parent: '2', lists: { list: ['3', ['a'], 1] } });
      await b.put('4', { parent: '3', lists: { list: ['4', [], 0] } });
      await b.put('5', { parent: '4', lists: { list: ['5', ['a', 'b', 'EDIT', 'd', 'e'], 4] } });
      const lists = await Promise.all(['1', '2', '3', '4', '5'].map(async (id) => (await a.read(id)).values['list']));
      assert.deepEqual(lists, [texts, ['a', 'b', 'EDIT', 'd'], ['a'], [], ['a', 'b', 'EDIT', 'd', 'e']]);
    },
  },
  {
    name: 'goes on from a list of another channel or of another namespace',
    requires,
    async run({ checkpoints: [a, b] }) {
      await a.put('1', { lists: { list: ['1', ['a', 'b']] } });
      await b.put('1', { namespace: 'child', lists: { other: ['1', ['a', 'b'], 2], list: ['1', ['a', 'c'], 1] } });
      const { values } = await a.read('1', { namespace: 'child' });
      assert.deepEqual(values, { other: ['a', 'b'], list: ['a', 'c'] });
    },
  },
  {
    name: 'asks for a list that goes on from one which is not there, and stores nothing until it comes',
    requires,
    async run({ checkpoints: [a, b] }) {
      const unknown = { known: ['1', ['x', 'y']], list: ['1', ['a', 'b'], 1] } as const;
      const missing = { kind: 'missing', channels: ['list'] };
      assert.deepEqual(await a.tryPut('1', { lists: unknown }), missing);
      await b.assertNone('1');
      assert.deepEqual((await b.threads()).keys, []);
      // What the thread would have had by now, if a part of the draft had been stored.
      assert.deepEqual(await b.tryPut('1', { lists: { list: ['1', ['x', 'y'], 1] } }), missing);
      await a.put('1', { lists: { known: unknown.known, list: ['1', ['a', 'b']] } });
      assert.deepEqual((await b.read('1')).values, { known: ['x', 'y'], list: ['a', 'b'] });
      const shares = { other: '1' };
      assert.deepEqual(await b.tryPut('2', { parent: '1', lists: { list: ['2', ['c', 'd'], 1] }, shares }), {
        kind: 'missing',
        channels: ['list', 'other'],
      });
      assert.deepEqual(await b.tryPut('1', { thread: 'other', lists: { list: ['1', ['a', 'b'], 2] } }), missing);
    },
  },
  {
    name: 'stores a list once that comes again, whole or in part',
    requires,
    async run({ checkpoints: [a, b] }) {
      await a.put('1', { lists: { list: ['1', ['a', 'a', 'a']] } });
      for (const known of [0, 1, 2, 3]) await b.put('1', { lists: { list: ['1', ['a', 'a', 'a'], known] } });
      await b.put('2', { parent: '1', lists: { list: ['2', ['a', 'a', 'a', 'b']] } });
      assert.deepEqual((await a.read('1')).values, { list: ['a', 'a', 'a'] });
      assert.deepEqual((await a.read('2')).values, { list: ['a', 'a', 'a', 'b'] });
    },
  },
  {
    name: 'keeps every list that both clients put at once',
    requires,
    async run({ checkpoints: clients }) {
      const [a, b] = clients;
      await a.put('0', { lists: { list: ['0', ['root']] } });
      const ids = Array.from({ length: 20 }, (_, index) => String(index + 1));
      const listOf = (id: string): string[] => ['root', `branch ${Number(id) % 5}`, 'same', id];
      await Promise.all(
        ids.map(async (id, index) => {
          await clients[index % 2]?.put(id, { parent: '0', lists: { list: [id, listOf(id), 1] } });
        }),
      );
      for (const id of ids) assert.deepEqual((await b.read(id)).values, { list: listOf(id) });
    },
  },
  {
    name: 'returns a list as what a channel held on the way to a checkpoint',
    requires,
    async run({ checkpoints: [a, b] }) {
      await a.put('1', { lists: { channel: ['1', ['a', 'b']] } });
      await a.put('2', { parent: '1' });
      await a.write('1', [['task', 0, 'write']]);
      assert.deepEqual(await b.history('2'), [['a', 'b'], 'write']);
    },
  },
  {
    name: 'loses a list with its thread, and copies it with its thread',
    requires,
    async run({ checkpoints: [a, b] }) {
      const more = { list: ['2', ['a', 'b', 'c'], 2] } as const;
      await a.put('1', { lists: { list: ['1', ['a', 'b']], empty: ['1', []] } });
      await a.put('1', { thread: 'copy', lists: { list: ['1', ['gone']] } });
      await a.store.copyThread('thread', 'copy');
      await a.store.deleteThread('thread');
      assert.equal((await b.tryPut('2', { lists: more })).kind, 'missing');
      const where = { thread: 'copy' };
      assert.deepEqual((await b.read('1', where)).values, { list: ['a', 'b'], empty: [] });
      assert.equal((await b.tryPut('2', { ...where, lists: { list: ['1', ['gone'], 1] } })).kind, 'missing');
      await b.put('2', { ...where, lists: more });
      assert.deepEqual((await a.read('2', where)).values, { list: ['a', 'b', 'c'] });
    },
  },
  {
    name: 'prunes the lists that nobody refers to, and leaves those whole that stay',
    requires,
    async run({ checkpoints: [a, b] }) {
      await a.put('1', { lists: { list: ['1', ['a', 'b']], old: ['1', ['a', 'old']] } });
      await a.put('2', { parent: '1', lists: { list: ['2', ['a', 'b', 'left'], 2] } });
      await a.put('3', { parent: '1', lists: { list: ['2', ['a', 'b', 'right'], 2] } });
      await a.put('1', { namespace: 'child', lists: { list: ['1', ['a', 'child'], 1] } });
      assert.equal(await b.store.prune('thread', { keepLast: 1 }), 2);
      assert.deepEqual((await a.read()).values, { list: ['a', 'b', 'right'] });
      assert.deepEqual((await a.read('1', { namespace: 'child' })).values, { list: ['a', 'child'] });
      const gone = { list: ['1', ['a', 'old'], 2], other: ['1', ['a', 'b', 'left'], 3] } as const;
      assert.deepEqual(await b.tryPut('4', { lists: gone }), { kind: 'missing', channels: ['list', 'other'] });
      const kept = { list: ['1', ['a', 'b', 'more'], 2], other: ['1', ['a', 'child', 'more'], 2] } as const;
      await b.put('4', { parent: '3', lists: kept });
      assert.deepEqual((await a.read('4')).values, { list: ['a', 'b', 'more'], other: ['a', 'child', 'more'] });
    },
  },
  {
    name: 'keeps a list of many pieces',
    requires,
    async run({ checkpoints: [a, b] }) {
      const texts = Array.from({ length: 10_000 }, (_, index) => String(index));
      await a.put('1', { lists: { list: ['1', texts] } });
      await a.put('2', { parent: '1', lists: { list: ['2', [...texts, 'more'], texts.length] } });
      assert.equal(await b.store.prune('thread', { keepLast: 1 }), 1);
      await b.store.copyThread('thread', 'copy');
      assert.deepEqual((await b.read('2', { thread: 'copy' })).values, { list: [...texts, 'more'] });
    },
  },
];
