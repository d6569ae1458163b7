import assert from 'node:assert/strict';

import { readTags, sessionTree } from '../../resource/resource-tags.ts';
import type { SessionHandle } from '../../store/entry-store.ts';
import type { StoreCase, StoreCaseContext } from '../store-case.ts';
import type { StoreSpec } from '../store-client.ts';

const CART = [['cart']];
const TREE = sessionTree('s1');

function inSession(session: SessionHandle): StoreSpec {
  return { session, reads: CART, tags: readTags(TREE, CART) };
}

/** Opens the session `s1` through both clients. */
async function open({ a, b }: StoreCaseContext, userId?: string): Promise<SessionHandle> {
  const session = await a.openSession('s1', userId);
  await b.openSession('s1', userId);
  return session;
}

/** Checks that an id that is opened again has nothing to do with what it was before: neither its data nor its user. */
export const sessionReopeningCases: readonly StoreCase[] = [
  {
    name: 'shows nothing of an ended session to one that has its id now, and lets another user have it',
    async run(context) {
      const { a, b, both } = context;
      const old = await open(context, 'u1');
      await a.keep('cart', 'of u1', inSession(old));
      const load = await a.lead('order', inSession(old));
      await b.endSession(old);
      const reopened = await open(context, 'u2');
      assert.notEqual(reopened.opening, old.opening);
      assert.equal(await load.commit('of u1'), 'session-ended');
      for (const client of both) for (const key of ['cart', 'order']) await client.assertGone(key, inSession(reopened));
      await a.keep('cart', 'of u2', inSession(reopened));
      for (const client of both) await client.assertHit('cart', 'of u2', inSession(reopened));
    },
  },
  {
    name: 'shows nothing of a session to whoever still holds the handle of an earlier one with its id',
    async run(context) {
      const { a, both } = context;
      const old = await open(context, 'u1');
      await a.endSession(old);
      const reopened = await open(context, 'u2');
      await a.keep('cart', 'of u2', inSession(reopened));
      for (const client of both) {
        assert.ok(client.entries.peek({ key: 'cart', session: old }) === undefined, 'peek shows it');
        assert.equal((await client.entries.inspect({ key: 'cart', session: old })).state, 'ended');
        assert.equal((await client.acquire('cart', inSession(old))).kind, 'ended');
      }
    },
  },
  {
    name: 'lets whoever still holds an old handle neither set nor end anything',
    async run(context) {
      const { a, b, both } = context;
      const old = await open(context, 'u1');
      await a.endSession(old);
      const reopened = await open(context, 'u2');
      await a.keep('cart', 'of u2', inSession(reopened));
      await b.put('cart', 'of u1', inSession(old));
      await b.put('order', 'of u1', inSession(old));
      await b.endSession(old);
      for (const client of both) {
        await client.assertHit('cart', 'of u2', inSession(reopened));
        await client.assertGone('order', inSession(reopened));
      }
    },
  },
  {
    name: 'does not let a load of the ended session be followed',
    async run(context) {
      const { a, b } = context;
      const old = await open(context);
      const load = await a.lead('cart', inSession(old));
      await a.endSession(old);
      const reopened = await open(context);
      const next = await b.lead('cart', inSession(reopened));
      assert.equal(await load.commit('old'), 'session-ended');
      assert.equal((await a.follow('cart', inSession(reopened))).leaseId, next.lease.id);
      assert.equal(await next.commit('new'), 'stored');
    },
  },
  {
    name: 'holds a reopened session up with no barrier of the ended one',
    async run(context) {
      const { a, b, both } = context;
      const old = await open(context);
      await a.openBarrier('write', CART, 60_000, { tree: TREE, session: old });
      await b.endSession(old);
      const reopened = await open(context);
      await a.keep('cart', 'new', inSession(reopened));
      for (const client of both) await client.assertHit('cart', 'new', inSession(reopened));
    },
  },
  {
    name: 'serves nothing from before a write that outlived the session it began in',
    async run(context) {
      const { a, b, both } = context;
      const old = await open(context);
      const close = await a.openBarrier('slow write', CART, 60_000, { tree: TREE, session: old });
      await b.endSession(old);
      const reopened = await open(context);
      await b.keep('with a barrier', 'from before', inSession(reopened));
      await close();
      for (const client of both) await client.assertGone('with a barrier', inSession(reopened));
      await b.keep('without', 'from before', inSession(reopened));
      await a.invalidate(CART, { tree: TREE, session: old });
      for (const client of both) await client.assertGone('without', inSession(reopened));
    },
  },
];
