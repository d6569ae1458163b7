import assert from 'node:assert/strict';

import { KeepstepError } from '../../errors.ts';
import { readTags, sessionTree } from '../../resource/resource-tags.ts';
import type { SessionHandle } from '../../store/entry-store.ts';
import type { StoreCase } from '../store-case.ts';
import type { StoreSpec } from '../store-client.ts';
import { assertSettles } from './waiting.ts';

const CART = [['cart']];

/** Returns what a read in a session depends on: its own tree, and the global one. */
function inSession(session: SessionHandle): StoreSpec {
  return { session, reads: CART, tags: readTags(sessionTree(session.id), CART) };
}

function isConflict(error: unknown): boolean {
  return KeepstepError.isInstance(error) && error.code === 'session_conflict';
}

/** Checks that what a session stores is its own, and gone with it. */
export const sessionCases: readonly StoreCase[] = [
  {
    name: 'joins a session that is open, through either client, and serves what it has stored',
    async run({ a, b, both }) {
      const session = await a.openSession('s1', 'u1');
      assert.equal((await b.openSession('s1', 'u1')).opening, session.opening);
      await a.keep('cart of s1', 1, inSession(session));
      for (const client of both) await client.assertHit('cart of s1', 1, inSession(session));
    },
  },
  {
    name: 'refuses an id that is open for another user, or for nobody in particular',
    async run({ a, b }) {
      await a.openSession('s1', 'u1');
      for (const userId of ['u2', 'U1', '', undefined]) await assert.rejects(b.openSession('s1', userId), isConflict);
      await b.openSession('s1', 'u1');
      await a.openSession('anonymous');
      await b.openSession('anonymous');
      await assert.rejects(b.openSession('anonymous', 'u1'), isConflict);
    },
  },
  {
    name: 'has nothing left of a session that was ended',
    async run({ a, b, both }) {
      const session = await a.openSession('s1');
      await b.openSession('s1');
      await a.keep('loaded', 1, inSession(session));
      await b.put('set', 2, inSession(session));
      await a.endSession(session);
      for (const client of both) {
        for (const key of ['loaded', 'set']) {
          assert.ok(client.entries.peek({ key, session }) === undefined, 'peek shows it');
          assert.equal((await client.entries.inspect({ key, session })).state, 'ended');
          assert.equal((await client.acquire(key, inSession(session))).kind, 'ended');
        }
      }
    },
  },
  {
    name: 'stores nothing for a session that has ended, however late a load is done',
    async run({ a, b, both, advance }) {
      const session = await a.openSession('s1');
      await b.openSession('s1');
      const load = await a.lead('cart', inSession(session));
      const { settled } = await b.follow('cart', inSession(session));
      await b.endSession(session);
      await assertSettles(settled, advance);
      assert.equal(await load.commit('late'), 'session-ended');
      await a.put('cart', 'late', inSession(session));
      for (const client of both) await client.assertGone('cart', inSession(session));
    },
  },
  {
    name: 'takes back a lease of a session that has ended',
    async run({ a }) {
      const session = await a.openSession('s1');
      const load = await a.lead('cart', inSession(session));
      await a.endSession(session);
      await load.release();
      assert.equal(await a.delete('cart', session), false);
    },
  },
  {
    name: 'ends a session once, and leaves other sessions and everybody else alone',
    async run({ a, b, both }) {
      const ended = await a.openSession('s1');
      const other = await a.openSession('s10');
      await b.openSession('s10');
      await a.keep('cart of s1', 1, inSession(ended));
      await a.keep('cart of s10', 2, inSession(other));
      await a.keep('global', 3, { reads: CART });
      await a.endSession(ended);
      await b.endSession(ended);
      for (const client of both) {
        await client.assertHit('cart of s10', 2, inSession(other));
        await client.assertHit('global', 3);
      }
    },
  },
  {
    name: 'lets a write in a session touch that session alone',
    async run({ a, b, both }) {
      const [s1, s2] = [await a.openSession('s1'), await a.openSession('s2')];
      for (const { id } of [s1, s2]) await b.openSession(id);
      await a.keep('cart of s1', 1, inSession(s1));
      await a.keep('cart of s2', 2, inSession(s2));
      await a.keep('global', 3, { reads: CART });
      const load = await a.lead('order of s1', inSession(s1));
      await b.invalidate(CART, { tree: sessionTree('s1'), session: s1 });
      assert.equal(await load.commit('old'), 'invalidated');
      for (const client of both) {
        await client.assertGone('cart of s1', inSession(s1));
        await client.assertHit('cart of s2', 2, inSession(s2));
        await client.assertHit('global', 3);
      }
    },
  },
  {
    name: 'lets a global write reach the copies of every session',
    async run({ a, b, both }) {
      const [s1, s2] = [await a.openSession('s1'), await b.openSession('s2')];
      await a.openSession('s2');
      await b.openSession('s1');
      await a.keep('cart of s1', 1, inSession(s1));
      await b.keep('cart of s2', 2, inSession(s2));
      const load = await a.lead('order of s1', inSession(s1));
      await b.invalidate(CART);
      assert.equal(await load.commit('old'), 'invalidated');
      for (const client of both) {
        await client.assertGone('cart of s1', inSession(s1));
        await client.assertGone('cart of s2', inSession(s2));
      }
    },
  },
  {
    name: 'lets a barrier in a session hold up that session alone',
    async run({ a, b, both }) {
      const [s1, s2] = [await a.openSession('s1'), await a.openSession('s2')];
      for (const { id } of [s1, s2]) await b.openSession(id);
      await a.keep('cart of s1', 1, inSession(s1));
      await a.keep('cart of s2', 2, inSession(s2));
      const close = await b.openBarrier('write', CART, 60_000, { tree: sessionTree('s1'), session: s1 });
      for (const client of both) {
        await client.assertGone('cart of s1', inSession(s1));
        await client.assertHit('cart of s2', 2, inSession(s2));
      }
      await close();
      await a.keep('cart of s1', 3, inSession(s1));
      for (const client of both) await client.assertHit('cart of s1', 3, inSession(s1));
    },
  },
  {
    name: 'keeps a session open through a clear, without what it had stored',
    async run({ a, b, both }) {
      const session = await a.openSession('s1');
      await b.openSession('s1');
      await a.keep('cart', 1, inSession(session));
      await b.clear();
      for (const client of both) await client.assertGone('cart', inSession(session));
      await a.keep('cart', 2, inSession(session));
      for (const client of both) await client.assertHit('cart', 2, inSession(session));
    },
  },
  {
    name: 'takes any text for the id of a session and of a user',
    async run({ a, b, both }) {
      const ids = [
        's',
        's:',
        's:s',
        '{s}',
        '*',
        '',
        ' ',
        '\0',
        'a\nb',
        '\u{1f600}',
        '__proto__',
        's'.repeat(1_000),
        '%3a',
      ];
      for (const id of ids) await a.keep(`cart of ${id}`, id, inSession(await a.openSession(id, id)));
      for (const id of ids) {
        const session = await b.openSession(id, id);
        for (const client of both) await client.assertHit(`cart of ${id}`, id, inSession(session));
      }
      const first = await a.openSession('s', 's');
      await a.endSession(first);
      for (const id of ids.slice(1)) await a.assertHit(`cart of ${id}`, id, inSession(await a.openSession(id, id)));
    },
  },
  {
    name: 'keeps sessions of the same id in two namespaces apart',
    async run({ a, both, open }) {
      const [other] = open('elsewhere');
      const [here, there] = [await a.openSession('s1', 'u1'), await other.openSession('s1', 'u2')];
      await a.keep('here', 1, inSession(here));
      await other.keep('there', 2, inSession(there));
      await other.endSession(there);
      await both[1].openSession('s1', 'u1');
      for (const client of both) await client.assertHit('here', 1, inSession(here));
    },
  },
];
