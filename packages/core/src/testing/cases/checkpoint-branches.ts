import assert from 'node:assert/strict';

import type { StoreCase } from '../store-case.ts';

const requires = ['checkpoints'] as const;

/** Checks what checkpoints share: the values along a thread, its branches, and the way to a checkpoint. */
export const checkpointBranchCases: readonly StoreCase[] = [
  {
    name: 'shares the values that have not changed since the parent',
    requires,
    async run({ checkpoints: [a, b] }) {
      await a.put('1', { sets: { one: ['1', 'first'], two: ['1', 'second'] } });
      await b.put('2', { parent: '1', sets: { two: ['2', 'third'] }, shares: { one: '1' } });
      await a.put('3', { parent: '2', shares: { one: '1', two: '2' } });
      assert.deepEqual((await b.read('3')).values, { one: 'first', two: 'third' });
      assert.deepEqual((await b.read('1')).values, { one: 'first', two: 'second' });
    },
  },
  {
    name: 'leaves a channel empty that a checkpoint does not name',
    requires,
    async run({ checkpoints: [a, b] }) {
      await a.put('1', { sets: { one: ['1', 'value'] } });
      await a.put('2', { parent: '1' });
      assert.deepEqual((await b.read('2')).values, {});
    },
  },
  {
    name: 'keeps the values of two branches apart that have the same versions',
    requires,
    async run({ checkpoints: [a, b] }) {
      await a.put('1', { sets: { one: ['1', 'root'] } });
      await a.put('2', { parent: '1', sets: { one: ['2', 'left'] } });
      await b.put('3', { parent: '1', sets: { one: ['2', 'right'] } });
      await a.put('4', { parent: '2', shares: { one: '2' } });
      await b.put('5', { parent: '3', shares: { one: '2' } });
      const values = await Promise.all(['2', '3', '4', '5'].map(async (id) => (await a.read(id)).values['one']));
      assert.deepEqual(values, ['left', 'right', 'left', 'right']);
    },
  },
  {
    name: 'asks for the values that the parent does not share, and stores nothing until they come',
    requires,
    async run({ checkpoints: [a, b] }) {
      await a.put('1', { sets: { one: ['1', 'value'], two: ['1', 'value'] } });
      const shares = { one: '1', two: '2', three: '1' };
      const missing = { kind: 'missing', channels: ['two', 'three'] };
      assert.deepEqual(await b.tryPut('2', { parent: '1', shares }), missing);
      await a.assertNone('2');
      assert.deepEqual(await b.tryPut('2', { parent: 'nobody', shares: { one: '1' } }), {
        kind: 'missing',
        channels: ['one'],
      });
      assert.deepEqual(await b.tryPut('2', { shares: { one: '1' } }), { kind: 'missing', channels: ['one'] });
      await b.put('2', { parent: '1', shares, optional: true });
      assert.deepEqual((await a.read('2')).values, { one: 'value' });
    },
  },
  {
    name: 'shares nothing between namespaces',
    requires,
    async run({ checkpoints: [a] }) {
      await a.put('1', { sets: { one: ['1', 'value'] } });
      const result = await a.tryPut('2', { namespace: 'child', parent: '1', shares: { one: '1' } });
      assert.equal(result.kind, 'missing');
    },
  },
  {
    name: 'gathers the writes on the way to a checkpoint, from the nearest value on',
    requires,
    async run({ checkpoints: [a, b] }) {
      await a.put('1', { sets: { other: ['1', 'unrelated'] } });
      await a.put('2', { parent: '1', sets: { channel: ['1', 'seed'] } });
      await a.put('3', { parent: '2' });
      await a.put('4', { parent: '3' });
      await a.write('1', [['task', 0, 'a']]);
      await a.write('2', [
        ['task', 1, 'c'],
        ['task', 0, 'b'],
        ['task', 2, 'else', '', 'other'],
      ]);
      await a.write('3', [
        ['a', 0, 'e', 'p'],
        ['z', 0, 'd'],
      ]);
      await a.write('4', [['task', 0, 'its own']]);
      assert.deepEqual(await b.history('4'), ['seed', 'b c d e']);
      assert.deepEqual(await b.history(), ['seed', 'b c d e']);
      assert.deepEqual(await b.history('2'), [undefined, 'a']);
      assert.deepEqual(await b.history('1'), [undefined, '']);
      assert.deepEqual(await b.history('nobody'), [undefined, '']);
      assert.deepEqual(await b.history('4', 'other'), ['unrelated', 'else']);
    },
  },
  {
    name: 'ends where checkpoints are one another’s parents',
    requires,
    async run({ checkpoints: [a, b] }) {
      await a.put('1', { parent: '2' });
      await a.put('2', { parent: '1' });
      await a.write('1', [['task', 0, 'a']]);
      await a.write('2', [['task', 0, 'b']]);
      assert.deepEqual(await b.history('2'), [undefined, 'b a']);
    },
  },
];
