import assert from 'node:assert/strict';

import type { StoreCase } from '../store-case.ts';
import { assertSettles } from './waiting.ts';

const requires = ['state'] as const;

/** Checks logs: order, ids, ranges, bounds, waiting. */
export const logCases: readonly StoreCase[] = [
  {
    name: 'gives entries ids from 1 on, without a gap, and keeps their order',
    requires,
    async run({ state: [a, b] }) {
      assert.deepEqual(await a.log().append(['one', 'two']), { firstId: 1, lastId: 2 });
      assert.deepEqual(await b.log().append(['three']), { firstId: 3, lastId: 3 });
      const { entries, firstId, lastId } = await a.log().read();
      assert.deepEqual(
        entries.map(({ id, type, text }) => [id, type, text]),
        [
          [1, 'note', 'one'],
          [2, 'note', 'two'],
          [3, 'note', 'three'],
        ],
      );
      assert.deepEqual([firstId, lastId], [1, 3]);
      const times = entries.map(({ at }) => at);
      assert.deepEqual(
        times,
        times.toSorted((x, y) => x - y),
      );
    },
  },
  {
    name: 'loses and repeats nothing when many append at once',
    requires,
    async run({ state: [a, b] }) {
      const appended = await Promise.all(
        Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? a : b).log().append([`${index} a`, `${index} b`])),
      );
      const { entries } = await b.log().read();
      assert.deepEqual(
        entries.map(({ id }) => id),
        Array.from({ length: 100 }, (_, index) => index + 1),
      );
      for (const [index, { firstId, lastId }] of appended.entries()) {
        assert.equal(lastId, firstId + 1);
        assert.deepEqual([entries[firstId - 1]?.text, entries[lastId - 1]?.text], [`${index} a`, `${index} b`]);
      }
    },
  },
  {
    name: 'appends once for each operation, and answers the same',
    requires,
    async run({ state: [a, b] }) {
      const drafts = [{ type: 'note', text: 'once' }];
      const first = await a.log().store.append('operation', drafts, { maxLength: 10 });
      await a.log().append(['between']);
      assert.deepEqual(await b.log().store.append('operation', drafts, { maxLength: 10 }), first);
      assert.deepEqual(await a.log().texts(), ['once', 'between']);
    },
  },
  {
    name: 'trims and deletes once for each operation, also where there was no log',
    requires,
    async run({ state: [a, b] }) {
      const log = a.log();
      assert.equal(await log.store.trim('trim nothing', { maxLength: 0 }), 0);
      assert.equal(await log.store.delete('delete nothing'), false);
      await log.append(['1', '2', '3']);
      assert.equal(await log.store.trim('trim', { maxLength: 2 }), 1);
      await log.append(['4']);
      assert.equal(await b.log().store.trim('trim nothing', { maxLength: 0 }), 0);
      assert.equal(await b.log().store.delete('delete nothing'), false);
      assert.equal(await b.log().store.trim('trim', { maxLength: 2 }), 1);
      assert.deepEqual(await log.texts(), ['2', '3', '4']);
    },
  },
  {
    name: 'returns ranges, forwards and backwards, and only as much as was asked for',
    requires,
    async run({ state: [a, b] }) {
      await a.log().append(['1', '2', '3', '4', '5']);
      const log = b.log();
      assert.deepEqual(await log.texts({ after: 2 }), ['3', '4', '5']);
      assert.deepEqual(await log.texts({ after: 1, before: 4 }), ['2', '3']);
      assert.deepEqual(await log.texts({ limit: 2 }), ['1', '2']);
      assert.deepEqual(await log.texts({ reverse: true, limit: 2 }), ['5', '4']);
      assert.deepEqual(await log.texts({ reverse: true, before: 4, limit: 2 }), ['3', '2']);
      assert.deepEqual(await log.texts({ reverse: true, after: 3 }), ['5', '4']);
      assert.deepEqual(await log.texts({ after: 5 }), []);
      assert.deepEqual(await log.texts({ after: 4, before: 2 }), []);
      assert.deepEqual(await log.texts({ after: 4, before: 2, reverse: true }), []);
      assert.deepEqual(await b.log('never written').read(), { entries: [], firstId: 1, lastId: 0 });
    },
  },
  {
    name: 'keeps the newest entries within the bound of an append, and goes on counting',
    requires,
    async run({ state: [a, b] }) {
      await a.log().append(['1', '2', '3'], { maxLength: 2 });
      assert.deepEqual(await b.log().texts(), ['2', '3']);
      assert.deepEqual(await b.log().append(['4'], { maxLength: 2 }), { firstId: 4, lastId: 4 });
      const { entries, firstId, lastId } = await a.log().read();
      assert.deepEqual(
        entries.map(({ id }) => id),
        [3, 4],
      );
      assert.deepEqual([firstId, lastId], [3, 4]);
    },
  },
  {
    name: 'trims by length, tells how many went, and goes on counting when nothing is left',
    requires,
    async run({ state: [a, b] }) {
      await a.log().append(['1', '2', '3']);
      assert.equal(await b.log().trim({ maxLength: 5 }), 0);
      assert.equal(await b.log().trim({ maxLength: 1 }), 2);
      assert.deepEqual(await a.log().texts(), ['3']);
      assert.equal(await a.log().trim({ maxLength: 0 }), 1);
      assert.deepEqual(await b.log().read(), { entries: [], firstId: 4, lastId: 3 });
      assert.deepEqual(await b.log().append(['4']), { firstId: 4, lastId: 4 });
    },
  },
  {
    name: 'trims by age, and takes the stricter one of two bounds',
    requires: ['state', 'exact-time'],
    async run({ state: [a, b], advance }) {
      for (const text of ['1', '2', '3', '4']) {
        await a.log().append([text]);
        await advance(1_000);
      }
      assert.equal(await b.log().trim({ maxAgeMs: 3_000, maxLength: 4 }), 1);
      assert.deepEqual(await a.log().texts(), ['2', '3', '4']);
      assert.equal(await b.log().trim({ maxAgeMs: 3_000, maxLength: 1 }), 2);
      await a.log().append(['5'], { maxAgeMs: 500 });
      assert.deepEqual(await a.log().texts(), ['5']);
    },
  },
  {
    name: 'lets a log go when its time is over, which an append or a touch prolongs, and begins anew',
    requires: ['state', 'exact-time'],
    async run({ state: [a, b], advance }) {
      await a.log().append(['1'], { ttlMs: 1_000 });
      await advance(999);
      await b.log().append(['2'], { ttlMs: 1_000 });
      await advance(999);
      await a.log().store.touch(1_000);
      await advance(999);
      assert.deepEqual(await a.log().texts(), ['1', '2']);
      await advance(1);
      assert.deepEqual(await b.log().read(), { entries: [], firstId: 1, lastId: 0 });
      await b.log().store.touch(1_000);
      assert.deepEqual(await a.log().append(['new']), { firstId: 1, lastId: 1 });
      await advance(100_000);
      assert.deepEqual(await b.log().texts(), ['new']);
    },
  },
  {
    name: 'deletes a log, and tells whether it was there',
    requires,
    async run({ state: [a, b] }) {
      await a.log().append(['1']);
      await a.log('other').append(['stays']);
      assert.equal(await b.log().store.delete('first'), true);
      assert.equal(await b.log().store.delete('second'), false);
      assert.deepEqual(await a.log().texts(), []);
      assert.deepEqual(await a.log('other').texts(), ['stays']);
    },
  },
  {
    name: 'tells whoever waits for an entry that there is one, also when there was one already',
    requires,
    async run({ state: [a, b], advance }) {
      const { signal } = new AbortController();
      await a.log().append(['1']);
      await assertSettles(b.log().store.wait(0, signal), advance);
      const waiting = b.log().store.wait(1, signal);
      await a.log().append(['2']);
      await assertSettles(waiting, advance);
    },
  },
  {
    name: 'lets go of whoever waits when the signal says so',
    requires,
    async run({ state: [a, b], advance }) {
      const controller = new AbortController();
      const waiting = b.log().store.wait(0, controller.signal);
      controller.abort();
      await assertSettles(waiting, advance);
      await assertSettles(a.log().store.wait(0, controller.signal), advance);
    },
  },
];
