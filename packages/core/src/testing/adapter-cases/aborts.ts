import assert from 'node:assert/strict';

import type { AdapterCase } from '../adapter-case.ts';
import { heldTool, READ } from '../conformance-tool.ts';
import { until } from '../until.ts';

/** Checks what becomes of a call that nobody waits for any more. */
export const abortCases: readonly AdapterCase[] = [
  {
    name: 'leaves others unharmed when one of several callers is aborted, whoever came first',
    async run({ store, connect }) {
      for (const leaver of [0, 1]) {
        const getCart = heldTool(`get_cart_${leaver}`, READ);
        const client = await connect(getCart);
        const before = store.calls('acquire');
        const controllers = [new AbortController(), new AbortController()];
        const calls = controllers.map(({ signal }) => client.call(getCart.name, {}, { signal }));
        const left = [false, false];
        for (const [place, call] of calls.entries()) void call.catch(() => undefined).then(() => (left[place] = true));
        const settled = Promise.allSettled(calls);
        await until('both calls have begun', () => store.calls('acquire') >= before + 2);
        controllers[leaver]?.abort(new Error('stopped by the user'));
        const run = await getCart.started(1);
        await until('the caller is free, although the tool still runs', () => left[leaver] === true);
        assert.notEqual(run.signal?.aborted, true, 'the tool is told to stop although somebody waits for it');
        run.answer('cart');
        const stayed = (await settled)[1 - leaver];
        assert.equal(stayed?.status === 'fulfilled' && stayed.value.value, 'cart');
        assert.equal(getCart.runs(), 1);
      }
    },
  },
  {
    name: 'tells the tool to stop when its only caller is aborted, and keeps nothing of it',
    async run({ connect }) {
      const getCart = heldTool('get_cart', READ);
      const client = await connect(getCart);
      const controller = new AbortController();
      let left: string | undefined;
      client.call('get_cart', {}, { signal: controller.signal }).then(
        ({ status }) => (left = status),
        () => (left = 'rejected'),
      );
      const run = await getCart.started(1);
      controller.abort(new Error('stopped by the user'));
      await until('the caller is free, although the tool still runs', () => left !== undefined);
      assert.notEqual(left, 'answered');
      assert.equal(run.signal?.aborted, true);
      run.answer('late');
      const again = client.value('get_cart');
      (await getCart.started(2)).answer('cart');
      assert.equal(await again, 'cart');
      assert.equal(await client.value('get_cart'), 'cart');
    },
  },
];
