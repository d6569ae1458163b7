import assert from 'node:assert/strict';

import type { StoreCase } from '../store-case.ts';
import { assertSettles } from './waiting.ts';

const requires = ['state'] as const;
const exact = ['state', 'exact-time'] as const;

/** Checks locks: one holder, leases, fences, waiting. */
export const lockCases: readonly StoreCase[] = [
  {
    name: 'gives a lock to one holder, and tells the others who holds it and for how long',
    requires,
    async run({ state: [a, b] }) {
      await a.locks.take('lock', 'first', 60_000);
      const refused = await b.locks.request('lock', 'second');
      if (refused.kind !== 'held') assert.fail('the lock has two holders');
      assert.equal(refused.owner, 'first');
      assert.ok(refused.remainingMs > 0 && refused.remainingMs <= 60_000);
      await b.locks.take('another', 'second');
    },
  },
  {
    name: 'gives a lock to one of many who ask at once',
    requires,
    async run({ state: [a, b] }) {
      const results = await Promise.all(
        Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? a : b).locks.request('lock', `token ${index}`)),
      );
      assert.equal(results.filter(({ kind }) => kind === 'acquired').length, 1);
    },
  },
  {
    name: 'answers the same token with the same fence, so that a request may be repeated',
    requires,
    async run({ state: [a, b] }) {
      const fence = await a.locks.take('lock', 'token');
      assert.equal(await b.locks.take('lock', 'token'), fence);
    },
  },
  {
    name: 'raises the fence each time a lock changes hands',
    requires,
    async run({ state: [a, b] }) {
      const fences: number[] = [];
      for (let turn = 0; turn < 20; turn += 1) {
        fences.push(await (turn % 2 === 0 ? a : b).locks.take('lock', `token ${turn}`));
        assert.equal(await (turn % 3 === 0 ? a : b).locks.release('lock', `token ${turn}`), true);
      }
      assert.deepEqual(
        fences,
        fences.toSorted((x, y) => x - y),
      );
      assert.equal(new Set(fences).size, fences.length);
      assert.ok(fences.every((fence) => Number.isSafeInteger(fence) && fence > 0));
    },
  },
  {
    name: 'is released by its holder only, and once, whatever a release that is repeated answers',
    requires,
    async run({ state: [a, b] }) {
      await a.locks.take('lock', 'holder');
      assert.equal(await b.locks.release('lock', 'somebody'), false);
      assert.equal(await b.locks.release('free', 'somebody'), false);
      await b.locks.assertHeld('lock');
      assert.equal(await a.locks.release('lock', 'holder'), true);
      assert.equal(await b.locks.release('lock', 'holder'), true);
      await b.locks.take('lock', 'next');
      assert.equal(await a.locks.release('lock', 'holder'), true);
      await a.locks.assertHeld('lock');
    },
  },
  {
    name: 'is not taken by a request that comes after its token was released',
    requires,
    async run({ state: [a, b] }) {
      await a.locks.take('lock', 'holder');
      assert.equal(await a.locks.release('lock', 'given up'), false);
      assert.equal(await a.locks.release('lock', 'holder'), true);
      assert.deepEqual(await b.locks.request('lock', 'given up'), { kind: 'released' });
      assert.deepEqual(await b.locks.request('lock', 'holder'), { kind: 'released' });
      assert.equal(await b.locks.store.inspect('lock'), undefined);
      await b.locks.take('another', 'given up');
    },
  },
  {
    name: 'frees a lock when its lease is over, to the millisecond, and raises the fence',
    requires: exact,
    async run({ state: [a, b], advance }) {
      const fence = await a.locks.take('lock', 'dead', 1_000);
      await advance(999);
      await b.locks.assertHeld('lock');
      await advance(1);
      assert.ok((await b.locks.take('lock', 'next')) > fence);
      assert.equal(await a.locks.extend('lock', 'dead'), false);
      assert.equal(await a.locks.release('lock', 'dead'), false);
      await a.locks.assertHeld('lock');
    },
  },
  {
    name: 'gives a holder whose lease was over a new fence, though nobody came between',
    requires: exact,
    async run({ state: [a, b], advance }) {
      const fence = await a.locks.take('lock', 'token', 1_000);
      await advance(1_000);
      assert.ok((await b.locks.take('lock', 'token')) > fence);
    },
  },
  {
    name: 'prolongs a lease for its holder only',
    requires: exact,
    async run({ state: [a, b], advance }) {
      await a.locks.take('lock', 'holder', 1_000);
      await advance(900);
      assert.equal(await b.locks.extend('lock', 'somebody', 60_000), false);
      assert.equal(await b.locks.extend('free', 'somebody'), false);
      assert.equal(await a.locks.extend('lock', 'holder', 1_000), true);
      await advance(999);
      await b.locks.assertHeld('lock');
      await advance(1);
      assert.equal(await a.locks.extend('lock', 'holder'), false);
    },
  },
  {
    name: 'lets an owner take over what it holds under another token, which is then void',
    requires,
    async run({ state: [a, b] }) {
      const fence = await a.locks.take('lock', 'before the restart', 60_000, 'worker');
      assert.ok((await b.locks.take('lock', 'after it', 60_000, 'worker')) > fence);
      assert.equal(await a.locks.extend('lock', 'before the restart'), false);
      assert.equal(await a.locks.release('lock', 'before the restart'), false);
      await a.locks.assertHeld('lock');
    },
  },
  {
    name: 'tells who holds a lock without changing anything',
    requires: exact,
    async run({ state: [a, b], advance }) {
      assert.equal(await b.locks.inspect('lock'), undefined);
      const fence = await a.locks.take('lock', 'token', 1_000, 'worker');
      await advance(400);
      assert.deepEqual(await b.locks.inspect('lock'), { owner: 'worker', fence, remainingMs: 600 });
      await advance(600);
      assert.equal(await b.locks.inspect('lock'), undefined);
    },
  },
  {
    name: 'tells whoever waits for a lock that it was released, or that its lease is over',
    requires,
    async run({ state: [a, b], advance }) {
      const { signal } = new AbortController();
      await assertSettles(b.locks.store.wait('lock', signal), advance);
      await a.locks.take('lock', 'token', 60_000);
      const released = b.locks.store.wait('lock', signal);
      await a.locks.release('lock', 'token');
      await assertSettles(released, advance);
      await a.locks.take('lock', 'dead', 500);
      await assertSettles(b.locks.store.wait('lock', signal), advance);
    },
  },
  {
    name: 'lets go of whoever waits for a lock when the signal says so',
    requires,
    async run({ state: [a, b], advance }) {
      await a.locks.take('lock', 'token', 60_000);
      const controller = new AbortController();
      const waiting = b.locks.store.wait('lock', controller.signal);
      controller.abort();
      await assertSettles(waiting, advance);
      await assertSettles(b.locks.store.wait('lock', controller.signal), advance);
      await b.locks.assertHeld('lock');
    },
  },
];
