import { describe, expect, it } from 'vitest';

import { createToolCache } from '../src/index.ts';
import { eventLog } from './event-log.ts';
import { heldTool } from './held-tool.ts';
import { quiescence } from './quiescence.ts';
import { watched } from './watched.ts';

function givenHeldCart() {
  const log = eventLog();
  const cache = createToolCache({ onEvent: log.listener });
  const fetchCart = heldTool<[string], string>();
  const addItem = heldTool<[string], string>();
  return {
    cache,
    log,
    fetchCart,
    addItem,
    getCart: cache.read(fetchCart, { name: 'get_cart', resource: (id) => ['cart', id], scope: 'global' }),
    addToCart: cache.write(addItem, { name: 'add_to_cart', invalidates: (id) => ['cart', id], scope: 'global' }),
  };
}

describe('a read in flight during a write', () => {
  it('is answered, is not stored, and says so', async () => {
    const { cache, log, getCart, addToCart, fetchCart, addItem } = givenHeldCart();
    const early = getCart('user_1');
    const load = await fetchCart.call(0);
    const writing = addToCart('user_1');
    (await addItem.call(0)).answer('added');
    await writing;
    load.answer('before');
    expect(await early).toBe('before');
    await quiescence();
    expect(log.of('entry-superseded')).toMatchObject([{ toolName: 'get_cart', reason: 'invalidated' }]);
    expect(cache.metrics()).toMatchObject({ entries: 0, superseded: 1 });

    const late = getCart('user_1');
    (await fetchCart.call(1)).answer('after');
    expect(await late).toBe('after');
    expect(await getCart('user_1')).toBe('after');
    expect(fetchCart.calls).toHaveLength(2);
  });

  it('is not stored either when it starts while the write runs', async () => {
    const { getCart, addToCart, fetchCart, addItem } = givenHeldCart();
    const writing = addToCart('user_1');
    const write = await addItem.call(0);
    const during = getCart('user_1');
    const load = await fetchCart.call(0);
    write.answer('added');
    await writing;
    load.answer('perhaps from before');
    expect(await during).toBe('perhaps from before');
    const late = getCart('user_1');
    (await fetchCart.call(1)).answer('after');
    expect(await late).toBe('after');
  });

  it('is dropped when it is stored before the write settles', async () => {
    const { getCart, addToCart, fetchCart, addItem } = givenHeldCart();
    const writing = addToCart('user_1');
    const write = await addItem.call(0);
    const during = getCart('user_1');
    (await fetchCart.call(0)).answer('perhaps from before');
    await during;
    write.answer('added');
    await writing;
    const late = getCart('user_1');
    (await fetchCart.call(1)).answer('after');
    expect(await late).toBe('after');
  });

  it('is stored when the write touches other data', async () => {
    const { getCart, addToCart, fetchCart, addItem } = givenHeldCart();
    const early = getCart('user_1');
    const load = await fetchCart.call(0);
    const writing = addToCart('user_2');
    (await addItem.call(0)).answer('added');
    await writing;
    load.answer('still true');
    await early;
    expect(await getCart('user_1')).toBe('still true');
    expect(fetchCart.calls).toHaveLength(1);
  });
});

describe('a reader that arrives after the invalidation', () => {
  it('never joins the superseded load, whichever load ends first', async () => {
    const orders = [
      ['old', 'new'],
      ['new', 'old'],
    ] as const;
    for (const order of orders) {
      const { cache, getCart, fetchCart } = givenHeldCart();
      const early = getCart('user_1');
      await fetchCart.call(0);
      await cache.invalidate(['cart', 'user_1']);
      const late = getCart('user_1');
      const places = { old: 0, new: 1 };
      for (const value of order) {
        (await fetchCart.call(places[value])).answer(value);
        await quiescence();
      }
      expect(await early).toBe('old');
      expect(await late).toBe('new');
      expect(await getCart('user_1')).toBe('new');
      expect(fetchCart.calls).toHaveLength(2);
    }
  });

  it('joins the load that began after it', async () => {
    const { cache, getCart, fetchCart } = givenHeldCart();
    const early = getCart('user_1');
    await fetchCart.call(0);
    await cache.invalidate('cart');
    const late = [getCart('user_1'), getCart('user_1')];
    (await fetchCart.call(1)).answer('new');
    expect(await Promise.all(late)).toEqual(['new', 'new']);
    (await fetchCart.call(0)).answer('old');
    expect(await early).toBe('old');
    expect(fetchCart.calls).toHaveLength(2);
  });

  it('gets a load of its own after every further invalidation', async () => {
    const { cache, getCart, fetchCart } = givenHeldCart();
    const reads: Promise<string>[] = [];
    for (let round = 0; round < 5; round += 1) {
      reads.push(getCart('user_1'));
      await fetchCart.call(round);
      await cache.invalidate('cart');
    }
    for (let round = 4; round >= 0; round -= 1) (await fetchCart.call(round)).answer(`round ${round}`);
    expect(await Promise.all(reads)).toEqual(['round 0', 'round 1', 'round 2', 'round 3', 'round 4']);
    await quiescence();
    expect(cache.metrics()).toMatchObject({ entries: 0, superseded: 5 });
  });
});

describe('a superseded load', () => {
  it('goes on for those who had joined it', async () => {
    const { cache, getCart, fetchCart } = givenHeldCart();
    const early = [getCart('user_1'), getCart('user_1')];
    await fetchCart.call(0);
    await cache.invalidate('cart');
    (await fetchCart.call(0)).answer('old');
    expect(await Promise.all(early)).toEqual(['old', 'old']);
  });

  it('is not told to stop', async () => {
    const { cache } = givenHeldCart();
    const { promise, resolve } = Promise.withResolvers<string>();
    let signal: AbortSignal | undefined;
    const policy = { kind: 'read', resource: 'cart', scope: 'global' } as const;
    const early = cache.call({ toolName: 'get_cart', args: [] }, policy, async (execution) => {
      signal = execution.signal;
      return promise;
    });
    await quiescence();
    await cache.invalidate('cart');
    expect(signal?.aborted).toBe(false);
    resolve('old');
    expect(await early).toEqual({ status: 'miss', value: 'old' });
    expect(signal?.aborted).toBe(false);
  });

  it('fails for its own callers alone', async () => {
    const { cache, getCart, fetchCart } = givenHeldCart();
    const early = watched(getCart('user_1'));
    const load = await fetchCart.call(0);
    await cache.invalidate('cart');
    const late = getCart('user_1');
    const failure = new Error('too slow');
    load.fail(failure);
    (await fetchCart.call(1)).answer('new');
    expect(await late).toBe('new');
    expect(early).toMatchObject({ state: 'rejected', error: failure });
    expect(await getCart('user_1')).toBe('new');
  });

  it('is replaced when exactly this call is invalidated', async () => {
    const { log, getCart, fetchCart } = givenHeldCart();
    const early = getCart('user_1');
    const load = await fetchCart.call(0);
    expect(await getCart.invalidate('user_1')).toBe(false);
    const late = getCart('user_1');
    (await fetchCart.call(1)).answer('new');
    expect(await late).toBe('new');
    load.answer('old');
    expect(await early).toBe('old');
    await quiescence();
    expect(log.of('entry-superseded')).toMatchObject([{ reason: 'replaced' }]);
    expect(await getCart('user_1')).toBe('new');
    expect(await getCart.invalidate('user_1')).toBe(true);
    expect(await getCart.invalidate('user_1')).toBe(false);
  });
});
