import assert from 'node:assert/strict';

import type { StoreCase } from '../store-case.ts';

/** Checks that the store knows what it holds. */
export const statsCases: readonly StoreCase[] = [
  {
    name: 'measures nothing where there is nothing',
    async run({ both }) {
      for (const { entries } of both) {
        assert.deepStrictEqual({ ...entries.stats() }, { entries: 0, bytes: 0, evictions: 0, expirations: 0 });
      }
    },
  },
  {
    name: 'counts each entry once, and its bytes',
    requires: ['stats'],
    async run({ a }) {
      await a.keep('one', 'x'.repeat(1_000));
      const { bytes } = a.entries.stats();
      assert.ok(bytes >= 1_000, `${bytes} bytes`);
      await a.keep('two', 'x'.repeat(1_000));
      assert.equal(a.entries.stats().entries, 2);
      assert.equal(a.entries.stats().bytes, 2 * bytes);
      await a.put('two', 'x'.repeat(1_000));
      assert.equal(a.entries.stats().entries, 2);
      assert.equal(a.entries.stats().bytes, 2 * bytes);
      await a.put('two', 'x'.repeat(3_000));
      assert.ok(a.entries.stats().bytes >= 2 * bytes + 2_000);
    },
  },
  {
    name: 'counts nothing any more that was deleted, cleared or of an ended session',
    requires: ['stats'],
    async run({ a }) {
      const session = await a.openSession('s1');
      await a.keep('one', 1);
      await a.keep('two', 2, { session });
      await a.keep('three', 3);
      await a.delete('one');
      assert.equal(a.entries.stats().entries, 2);
      await a.endSession(session);
      assert.equal(a.entries.stats().entries, 1);
      await a.clear();
      const { entries, bytes } = a.entries.stats();
      assert.deepStrictEqual([entries, bytes], [0, 0]);
    },
  },
  {
    name: 'counts each namespace by itself',
    requires: ['stats'],
    async run({ a, open }) {
      const [other] = open('elsewhere');
      await a.keep('here', 1);
      await other.keep('there', 2);
      await other.keep('there too', 3);
      assert.deepStrictEqual([a.entries.stats().entries, other.entries.stats().entries], [1, 2]);
      await other.clear();
      assert.deepStrictEqual([a.entries.stats().entries, other.entries.stats().entries], [1, 0]);
    },
  },
];
