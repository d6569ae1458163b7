import assert from 'node:assert/strict';

import type { StoreCase } from '../store-case.ts';

const requires = ['checkpoints'] as const;

/** Checks what goes with age, and what stays because others are made of it. */
export const checkpointPruningCases: readonly StoreCase[] = [
  {
    name: 'prunes checkpoints of which the id tells that they are old enough, but never the newest',
    requires,
    async run({ checkpoints: [a, b] }) {
      const at = Date.UTC(2_026, 5, 1);
      const ids = [at - 3_000, at - 2_000, at - 1, at, at + 1_000].map(timedId);
      for (const id of ids) await a.put(id);
      for (const id of [timedId(at - 9_000), timedId(at - 8_000)]) await a.put(id, { namespace: 'child' });
      for (const id of ['1', UNTIMED]) await a.put(id);
      assert.equal(await b.store.prune('thread', { keepLast: 1, olderThan: at }), 4);
      const [left] = await a.list();
      assert.deepEqual(
        new Set(left),
        new Set([`/${timedId(at)}`, `/${timedId(at + 1_000)}`, '/1', `/${UNTIMED}`, `child/${timedId(at - 8_000)}`]),
      );
      assert.equal(await b.store.prune('thread', { keepLast: 1, olderThan: at }), 0);
    },
  },
  {
    name: 'keeps as many as it is told to, however old they are',
    requires,
    async run({ checkpoints: [a, b] }) {
      const ids = [1_000, 2_000, 3_000].map(timedId);
      for (const id of ids) await a.put(id);
      assert.equal(await b.store.prune('thread', { keepLast: 2, olderThan: Date.UTC(2_026) }), 1);
      assert.deepEqual((await a.list())[0], [`/${ids[2]}`, `/${ids[1]}`]);
    },
  },
  {
    name: 'keeps the ancestors from which a channel is replayed, and no further ones',
    requires,
    async run({ checkpoints: [a, b] }) {
      await a.put('1', { sets: { channel: ['1', 'too old'] } });
      await a.put('2', { parent: '1', sets: { channel: ['2', 'seed'] } });
      await a.put('3', { parent: '2', replays: { channel: '3' } });
      await a.put('4', { parent: '3', replays: { channel: '4' }, sets: { other: ['1', 'value'] } });
      await a.put('5', { parent: '4', replays: { channel: '5' } });
      await a.put('1', { namespace: 'child' });
      for (const id of ['1', '2', '3', '4']) await a.write(id, [['task', 0, `from ${id}`]]);
      const before = await a.history('5');
      assert.deepEqual(before, ['seed', 'from 2 from 3 from 4']);
      assert.equal(await b.store.prune('thread', { keepLast: 1 }), 1);
      assert.deepEqual(await b.history('5'), before);
      assert.deepEqual((await a.list({ namespace: '' }))[0], ['/5', '/4', '/3', '/2']);
      await b.store.copyThread('thread', 'copy');
      assert.equal(await b.store.prune('copy', { keepLast: 1 }), 0);
      // A value of its own needs no ancestors.
      await a.put('6', { parent: '5', sets: { channel: ['6', 'snapshot'] } });
      assert.equal(await b.store.prune('thread', { keepLast: 1 }), 4);
      assert.deepEqual((await a.list())[0], ['/6', 'child/1']);
    },
  },
  {
    name: 'shares what a parent holds in place of replaying it',
    requires,
    async run({ checkpoints: [a, b] }) {
      await a.put('1', { sets: { channel: ['1', 'value'] } });
      await a.put('2', { parent: '1', replays: { channel: '1' } });
      assert.deepEqual((await b.read('2')).values, { channel: 'value' });
      assert.equal(await b.store.prune('thread', { keepLast: 1 }), 1);
      assert.deepEqual((await b.read('2')).values, { channel: 'value' });
    },
  },
  {
    name: 'is not led in a circle by parents that are their own ancestors',
    requires,
    async run({ checkpoints: [a, b] }) {
      await a.put('1', { parent: '2', replays: { channel: '1' } });
      await a.put('2', { parent: '1', replays: { channel: '2' } });
      await a.put('3', { parent: '3', replays: { channel: '2' } });
      assert.equal(await b.store.prune('thread', { keepLast: 1 }), 2);
    },
  },
];

/** Is a UUID of version 4, which tells no time. */
const UNTIMED = '00000000-0000-4000-8000-000000000000';

/** Returns a UUID of version 6 that was made at a time, in milliseconds since 1970. */
function timedId(ms: number): string {
  const ticks = (BigInt(ms) + 12_219_292_800_000n) * 10_000n;
  const digits = ticks.toString(16).padStart(15, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-6${digits.slice(12)}-8000-000000000000`;
}
