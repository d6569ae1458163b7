import assert from 'node:assert/strict';

import type { StoreCase } from '../store-case.ts';

const requires = ['checkpoints'] as const;
const LONG = { ttlMs: 600_000 };
/** Is long enough for the next step of a case, and short enough to wait for. */
const SHORT = { ttlMs: 500 };
const AFTER_SHORT_MS = 600;

/** Checks on what terms threads are changed: how long they stay, and under which fence. */
export const checkpointTermsCases: readonly StoreCase[] = [
  {
    name: 'lets a thread die as a whole',
    requires,
    async run({ checkpoints: [a, b], advance }) {
      await a.put('1', { sets: { one: ['1', 'value'] }, lists: { all: ['1', ['x']] }, terms: LONG });
      await a.put('2', { namespace: 'child', terms: LONG });
      await a.write('1', [['task', 0, 'write']]);
      await a.write('3', [['task', 0, 'write']]);
      await a.put('4', { parent: '1', shares: { one: '1' }, terms: SHORT });
      await a.put('1', { thread: 'other' });
      await advance(AFTER_SHORT_MS);
      assert.deepEqual(await b.list(), [[], false]);
      for (const id of ['1', '4', undefined]) await b.assertNone(id);
      assert.deepEqual((await b.threads()).keys, ['other']);
      assert.equal(await b.store.size('thread'), undefined);
      assert.equal(await b.store.prune('thread', { keepLast: 1 }), 0);
      // Nothing of it comes back with a new thread of that name.
      assert.equal((await b.tryPut('5', { parent: '4', shares: { one: '1' } })).kind, 'missing');
      for (const id of ['1', '3']) await b.put(id);
      for (const id of ['1', '3']) assert.deepEqual((await a.read(id)).writes, []);
      assert.deepEqual(await a.list(), [['/3', '/1'], false]);
      await advance(AFTER_SHORT_MS);
      assert.equal((await a.read('3')).id, '3');
    },
  },
  {
    name: 'lets a thread stay for longer with each change, with all that it holds',
    requires,
    async run({ checkpoints: [a, b], advance }) {
      await a.put('1', { sets: { one: ['1', 'value'] }, terms: SHORT });
      await a.write('1', [['task', 0, 'write']]);
      await b.store.putWrites({ thread: 'thread', namespace: '', id: '2' }, [WRITE], LONG);
      await b.put('2', { parent: '1', shares: { one: '1' } });
      await advance(AFTER_SHORT_MS);
      assert.deepEqual((await a.read('1')).writes, ['task 0 write']);
      assert.deepEqual((await a.read('2')).values, { one: 'value' });
      assert.equal((await a.read('2')).writes.length, 1);
      // Once more, beyond the time at which its parts would have gone if each had a time of its own.
      await a.put('3', { terms: { ttlMs: 2 * AFTER_SHORT_MS } });
      await advance(AFTER_SHORT_MS);
      assert.deepEqual((await a.list())[0], ['/3', '/2', '/1']);
    },
  },
  {
    name: 'lets a thread stay for longer when it is read on such terms, and only then',
    requires,
    async run({ checkpoints: [a, b], advance }) {
      for (const thread of ['read', 'left']) await a.put('1', { thread, terms: SHORT });
      await b.store.read({ thread: 'read', namespace: '' }, LONG);
      await b.store.read({ thread: 'left', namespace: '' });
      await b.store.read({ thread: 'nobody', namespace: '' }, LONG);
      await advance(AFTER_SHORT_MS);
      assert.deepEqual((await a.threads()).keys, ['read']);
    },
  },
  {
    name: 'copies a thread on the terms of the copy',
    requires,
    async run({ checkpoints: [a, b], advance }) {
      await a.put('1', { sets: { one: ['1', 'value'] }, terms: LONG });
      await a.write('1', [['task', 0, 'write']]);
      await b.store.copyThread('thread', 'short', SHORT);
      await b.store.copyThread('thread', 'long');
      await advance(AFTER_SHORT_MS);
      assert.deepEqual((await a.threads()).keys, ['long', 'thread']);
      await b.store.copyThread('short', 'long');
      assert.deepEqual((await a.threads()).keys, ['thread']);
    },
  },
  {
    name: 'refuses every change under a fence that is lower than one before, and makes none of it',
    requires,
    async run({ checkpoints: [a, b] }) {
      await a.put('1', { sets: { one: ['1', 'value'] }, terms: { fence: HIGH } });
      await a.put('1', { thread: 'other' });
      const stale = { kind: 'stale', fence: HIGH };
      const low = { fence: HIGH - 1, ttlMs: 1 };
      const place = { thread: 'thread', namespace: '', id: '1' };
      assert.deepEqual(await b.tryPut('2', { terms: low }), stale);
      assert.deepEqual(await b.tryPut('2', { shares: { nothing: '1' }, terms: low }), stale);
      assert.deepEqual(await b.store.putWrites(place, [WRITE], low), stale);
      assert.deepEqual(await b.store.deleteThread('thread', low), stale);
      assert.deepEqual(await b.store.copyThread('other', 'thread', low), stale);
      assert.deepEqual(await a.list(), [['/1'], false]);
      assert.deepEqual((await a.read()).writes, []);
      assert.deepEqual((await a.read()).values, { one: 'value' });
      await b.put('2', { terms: { fence: HIGH } });
      await b.put('3', { terms: { fence: HIGH + 1 } });
      assert.deepEqual(await a.tryPut('4', { terms: { fence: HIGH } }), { kind: 'stale', fence: HIGH + 1 });
      // Who passes none takes no part.
      await a.put('4');
      assert.deepEqual(await a.store.putWrites(place, [WRITE], { fence: HIGH + 2 }), { kind: 'stored' });
      assert.deepEqual(await b.tryPut('5', { terms: { fence: HIGH + 1 } }), { kind: 'stale', fence: HIGH + 2 });
    },
  },
  {
    name: 'remembers the fence of a thread when it is gone, and of no other one',
    requires,
    async run({ checkpoints: [a, b], advance }) {
      const stale = { kind: 'stale', fence: HIGH };
      const low = { fence: HIGH - 1 };
      await a.put('1', { terms: { fence: HIGH } });
      assert.deepEqual(await a.store.deleteThread('thread', { fence: HIGH }), { kind: 'stored' });
      assert.deepEqual(await b.tryPut('2', { terms: low }), stale);
      await a.put('1', { thread: 'short', terms: { fence: HIGH, ttlMs: 1 } });
      await a.put('1', { thread: 'copy', terms: { fence: HIGH } });
      await a.store.copyThread('nobody', 'copy');
      await advance(AFTER_SHORT_MS);
      for (const thread of ['short', 'copy']) assert.deepEqual(await b.tryPut('2', { thread, terms: low }), stale);
      assert.deepEqual((await a.threads()).keys, []);
      await b.put('2', { thread: 'new', terms: low });
    },
  },
  {
    name: 'tells how much a thread holds, what is shared once',
    requires,
    async run({ checkpoints: [a, b] }) {
      assert.equal(await b.store.size('thread'), undefined);
      await a.put('1', { sets: { one: ['1', 'x'.repeat(1_000)] }, lists: { all: ['1', ['y'.repeat(100)]] } });
      await a.put('2', { parent: '1', shares: { one: '1' }, lists: { all: ['2', ['y'.repeat(100), 'z'], 1] } });
      await a.put('2', { namespace: 'child' });
      await a.write('2', [['task', 0, 'w'.repeat(10)]]);
      const records = 3 * ('record of 1'.length + 'metadata of 1'.length);
      assert.deepEqual(await b.store.size('thread'), { checkpoints: 3, bytes: 1_000 + 101 + 10 + records });
    },
  },
];

const WRITE = { task: 'task', index: 0, path: '', channel: 'channel', value: Uint8Array.of(1) };
/** Is a fence of our time: microseconds. */
const HIGH = 1_790_000_000_000_000;
