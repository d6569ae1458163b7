import assert from 'node:assert/strict';

import { readTags, sessionTree } from '../../resource/resource-tags.ts';
import type { StoreCase } from '../store-case.ts';

const CART = { tags: ['cart'] };

/** Checks that one may look without touching, and that looking never shows what must not be served. */
export const inspectionCases: readonly StoreCase[] = [
  {
    name: 'tells what a call would find',
    async run({ a, b, both, advance }) {
      await a.keep('fresh', 1, CART);
      await a.keep('expired', 2, { ...CART, ttlMs: 20, retainMs: 60_000 });
      await a.keep('invalidated', 3, { tags: ['order'] });
      await a.lead('loading', CART);
      await b.entries.invalidate(['order']);
      await advance(60);
      for (const { entries } of both) {
        for (const state of ['fresh', 'expired', 'invalidated', 'loading', 'absent'] as const) {
          assert.equal((await entries.inspect({ key: state })).state, state);
        }
        assert.equal((await entries.inspect({ key: 'invalidated' })).culprit, 'order');
      }
    },
  },
  {
    name: 'shows the fresh entry that a call would find',
    async run({ a, both }) {
      await a.keep('cart', { items: [1] }, { ...CART, loadMs: 77 });
      for (const { entries } of both) {
        const { entry } = await entries.inspect({ key: 'cart' });
        assert.deepStrictEqual(entry?.snapshot.open(), { items: [1] });
        assert.equal(entry.loadMs, 77);
        assert.deepStrictEqual([...entry.tags], ['cart']);
      }
    },
  },
  {
    name: 'changes nothing by being asked',
    async run({ a, both }) {
      await a.keep('kept', 1, CART);
      const running = await a.lead('running', CART);
      const before = both.map(({ entries }) => entries.stats());
      for (let times = 0; times < 5; times += 1) {
        for (const { entries } of both) {
          await entries.inspect({ key: 'absent' });
          await entries.inspect({ key: 'kept' });
          await entries.inspect({ key: 'running' });
        }
      }
      assert.deepStrictEqual(
        both.map(({ entries }) => entries.stats()),
        before,
      );
      assert.equal(await running.commit(2), 'stored');
      assert.equal((await a.lead('absent', CART)).reason, 'absent');
      for (const client of both) await client.assertHit('kept', 1, CART);
    },
  },
  {
    name: 'finds by peeking what was stored here, without being asked to wait',
    requires: ['peek'],
    async run({ a }) {
      assert.equal(a.entries.peek({ key: 'cart' }), undefined);
      await a.keep('cart', 1, CART);
      assert.equal(a.entries.peek({ key: 'cart' })?.snapshot.open(), 1);
    },
  },
  {
    name: 'never shows by peeking what was invalidated, cleared, deleted, held up by a barrier or of an ended session',
    async run({ a, b, both }) {
      const session = await a.openSession('s1');
      await b.openSession('s1');
      const reads = [['cart']];
      const spec = { session, reads, tags: readTags(sessionTree('s1'), reads) };
      const removals: readonly (() => Promise<unknown>)[] = [
        () => b.invalidate(reads),
        () => b.invalidate(reads, { tree: sessionTree('s1'), session }),
        () => b.clear(),
        () => b.delete('cart', session),
        async () => (await b.openBarrier('write', reads, 60_000))(),
        () => b.endSession(session),
      ];
      for (const remove of removals) {
        for (const client of both) await client.put('cart', 1, spec);
        for (const client of both) await client.assertHit('cart', 1, spec);
        await remove();
        for (const { entries } of both) assert.ok(entries.peek({ key: 'cart', session }) === undefined, String(remove));
      }
    },
  },
];
