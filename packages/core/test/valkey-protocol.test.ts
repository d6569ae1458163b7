import { startReplica, startValkey, waitUntil, type ValkeyServer } from '@keepstep/test-servers';
import { describe, expect, it } from 'vitest';

import { createToolCache, currentSession } from '../src/index.ts';
import { valkeyStore } from '../src/stores/valkey/index.ts';
import { openValkeyShop, untilHit } from './valkey-shop.ts';

/** Counts the commands that the server has processed while something ran, by name. */
async function commandsDuring(server: ValkeyServer, work: () => Promise<unknown>): Promise<Record<string, number>> {
  await server.command('CONFIG', 'RESETSTAT');
  await work();
  const text = String(await server.command('INFO', 'commandstats'));
  const counts = [...text.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)].map(([, name, calls]) => [name, Number(calls)]);
  // Those are of the test itself.
  return Object.fromEntries(
    counts.filter(([name]) => !['config|resetstat', 'info', 'auth', 'command'].includes(String(name))),
  );
}

/** Answers when it is told to. */
function held<Value>() {
  const { promise, resolve } = Promise.withResolvers<Value>();
  return { promise, resolve };
}

describe('a hit on Valkey', () => {
  it('without a copy is one round trip of three plain commands', async () => {
    await using server = await startValkey({});
    const shop = openValkeyShop({ url: server.url, maxCopies: 0 });
    await untilHit(shop);
    const commands = await commandsDuring(server, () => shop.getCart());
    expect(commands).toEqual({ pttl: 1, get: 1, zmscore: 1 });
    await shop.close();
  });

  it('on a copy is one plain command, which all reads of one turn share', async () => {
    await using server = await startValkey({});
    const shop = openValkeyShop({ url: server.url });
    await untilHit(shop);
    expect(await commandsDuring(server, () => shop.getCart())).toEqual({ zrange: 1 });
    const many = () => Promise.all(Array.from({ length: 64 }, () => shop.getCart()));
    expect(await commandsDuring(server, many)).toEqual({ zrange: 1 });
    await shop.close();
  });

  it('on a copy of what another process has stored is as short as on one of its own', async () => {
    await using server = await startValkey({});
    const [here, there] = [openValkeyShop({ url: server.url }), openValkeyShop({ url: server.url })];
    let asked = 0;
    const read = there.cache.read(async () => 'no items', {
      name: 'get_cart',
      resource: () => ((asked += 1), 'cart'),
      scope: 'global',
    });
    await untilHit(here);
    expect(await read()).toBe('0 items');
    const before = asked;
    expect(await commandsDuring(server, read)).toEqual({ zrange: 1 });
    expect(asked).toBe(before);
    await here.addToCart();
    expect(await read()).toBe('no items');
    await Promise.all([here.close(), there.close()]);
  });

  it('on a copy that may be a little old sends nothing', async () => {
    await using server = await startValkey({});
    const shop = openValkeyShop({ url: server.url }, { consistency: { maxStaleness: '1m' } });
    await untilHit(shop);
    await shop.getCart();
    expect(await commandsDuring(server, () => shop.getCart())).toEqual({});
    await shop.close();
  });

  it('in a session is one round trip as well', async () => {
    await using server = await startValkey({});
    const store = valkeyStore({ url: server.url });
    const cache = createToolCache({ store });
    const read = cache.read(async () => 'a ticket', { name: 'get_ticket', resource: 'ticket' });
    await cache.session({ id: 's1', loopDetection: false }, async () => {
      await read();
      await read();
      expect(await commandsDuring(server, () => read())).toEqual({ zrange: 2 });
    });
    await cache.close();
    await store.close();
  });

  it('with a replica is one script', async () => {
    await using server = await startValkey({});
    await using _replica = await startReplica(server);
    const shop = openValkeyShop({ url: server.url, maxCopies: 0 });
    await untilHit(shop);
    const { evalsha } = await commandsDuring(server, () => shop.getCart());
    expect(evalsha).toBe(1);
    await shop.close();
  });
});

describe('the copies of two processes', () => {
  it('are stale in neither once an invalidation has resolved in one', async () => {
    await using server = await startValkey({});
    const [here, there] = [openValkeyShop({ url: server.url }), openValkeyShop({ url: server.url })];
    await untilHit(here);
    await untilHit(there);
    for (let round = 1; round <= 20; round += 1) {
      there.data.items = round;
      here.data.items = round;
      await (round % 2 === 0 ? here : there).cache.invalidate('cart');
      expect([await here.getCart(), await there.getCart()]).toEqual([`${round} items`, `${round} items`]);
    }
    await here.close();
    await there.close();
  });

  it('are at most as old as was allowed, and not at all in the process that invalidates', async () => {
    await using server = await startValkey({});
    const bounded = { consistency: { maxStaleness: '80ms' } } as const;
    const [here, there] = [openValkeyShop({ url: server.url }, bounded), openValkeyShop({ url: server.url }, bounded)];
    await untilHit(here);
    await untilHit(there);
    for (const shop of [here, there]) shop.data.items = 1;
    await here.cache.invalidate('cart');
    expect(await here.getCart()).toBe('1 items');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await there.getCart()).toBe('1 items');
    await here.close();
    await there.close();
  });
});

describe('a load that many wait for in two processes', () => {
  it('runs once, and wakes those who wait in the other one', async () => {
    await using server = await startValkey({});
    const stores = [valkeyStore({ url: server.url }), valkeyStore({ url: server.url })];
    const answer = held<string>();
    let loads = 0;
    const reads = stores.map((store) =>
      createToolCache({ store }).read(
        async () => {
          loads += 1;
          return answer.promise;
        },
        { name: 'slow', scope: 'global' },
      ),
    );
    const asked = Array.from({ length: 100 }, (_, index) => (reads[index % 2] as (typeof reads)[0])());
    await waitUntil('somebody loads', async () => loads > 0);
    answer.resolve('done');
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['done']));
    expect(loads).toBe(1);
    for (const store of stores) await store.close();
  });

  it('keeps its lease for as long as it runs', async () => {
    await using server = await startValkey({});
    const [one, other] = [
      valkeyStore({ url: server.url, lease: '600ms' }),
      valkeyStore({ url: server.url, lease: '600ms' }),
    ];
    const answer = held<string>();
    let loads = 0;
    const load = async (): Promise<string> => {
      loads += 1;
      return answer.promise;
    };
    const reads = [one, other].map((store) => createToolCache({ store }).read(load, { name: 'slow', scope: 'global' }));
    const first = reads[0]?.();
    await waitUntil('somebody loads', async () => loads > 0);
    const second = reads[1]?.();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    answer.resolve('done');
    expect([await first, await second, loads]).toEqual(['done', 'done', 1]);
    await one.close();
    await other.close();
  });

  it('is not waited for any longer than it may take, however alive it is', async () => {
    await using server = await startValkey({});
    const options = { url: server.url, lease: '100ms', maxLoad: '200ms' } as const;
    const [one, other] = [valkeyStore(options), valkeyStore(options)];
    const never = held<string>();
    const hanging = createToolCache({ store: one }).read(() => never.promise, { name: 'slow', scope: 'global' });
    const lively = createToolCache({ store: other }).read(async () => 'loaded here', { name: 'slow', scope: 'global' });
    void hanging();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await lively()).toBe('loaded here');
    never.resolve('too late');
    await one.close();
    await other.close();
  });
});

describe('a server that has lost invalidations', () => {
  it.each([
    ['with copies', 10_000],
    ['without copies', 0],
  ])('by a restart from an older dump serves nothing from before, %s', async (_, maxCopies) => {
    await using server = await startValkey({});
    const shop = openValkeyShop({ url: server.url, maxCopies });
    await untilHit(shop);
    await server.command('SAVE');
    await shop.addToCart();
    await server.kill9();
    await server.restart();
    await untilHit(shop);
    expect(await shop.getCart()).toBe('1 items');
    await shop.close();
  });

  it('by a fail-over and a fail-back to the same process serves nothing from before', async () => {
    await using a = await startValkey({});
    await using b = await startReplica(a);
    const shop = openValkeyShop({ url: a.url, maxCopies: 0 });
    await untilHit(shop);
    // B stays behind: it never hears of the invalidation.
    await b.command('REPLICAOF', 'NO', 'ONE');
    await shop.addToCart();
    await a.command('REPLICAOF', b.host, b.port);
    await waitUntil('A follows B', async () => (await a.info('master_link_status')) === 'up');
    await a.command('REPLICAOF', 'NO', 'ONE');
    await waitUntil('A serves again', async () => (await shop.getCart()) === '1 items');
    await untilHit(shop);
    expect(await shop.getCart()).toBe('1 items');
    await shop.close();
  });
});

describe('a large value', () => {
  it('goes past Lua both ways, compressed or not, and comes back as it went in', async () => {
    await using server = await startValkey({});
    await using _replica = await startReplica(server);
    const value = { text: 'x'.repeat(200_000), at: new Date(0) };
    for (const compressAbove of [Infinity, 1_000]) {
      const options = { url: server.url, maxCopies: 0, compressAbove, budget: '2s' } as const;
      const store = valkeyStore(options);
      const cache = createToolCache({ store, namespace: `large ${compressAbove}` });
      let loads = 0;
      const load = async () => {
        loads += 1;
        return value;
      };
      const read = cache.read(load, { name: 'large', scope: 'global' });
      await read();
      await waitUntil('it is stored', async () => (await cache.explain('large')).status === 'hit');
      loads = 0;
      expect([await read(), loads]).toEqual([value, 0]);
      await cache.close();
      await store.close();
    }
    expect(await server.command('KEYS', '*:v:*')).toEqual([]);
  });

  it('is not stored above the limit, and an event says so', async () => {
    await using server = await startValkey({});
    const shop = openValkeyShop({ url: server.url, maxEntryBytes: 5 });
    await shop.getCart();
    await waitUntil('the value is refused', async () => shop.log.of('entry-rejected').length > 0);
    expect(shop.log.of('entry-rejected')[0]).toMatchObject({ reason: 'too-large' });
    await shop.close();
  });
});

describe('a session on Valkey', () => {
  it('leaves nothing on the server once it has ended', async () => {
    await using server = await startValkey({});
    const store = valkeyStore({ url: server.url });
    const cache = createToolCache({ store });
    const read = cache.read(async (id: string) => `ticket ${id}`, {
      name: 'get_ticket',
      resource: (id) => ['ticket', id],
    });
    const write = cache.write(async (_id: string) => 'ok', {
      name: 'update_ticket',
      invalidates: (id) => ['ticket', id],
    });
    await cache.session({ id: 's1' }, async () => {
      for (const id of ['T-1', 'T-2', 'T-3']) await read(id);
      await write('T-1');
      expect(currentSession()?.id).toBe('s1');
    });
    await waitUntil('it is gone', async () => {
      const keys = (await server.command('KEYS', '*')) as string[];
      return keys.every((key) => /:(t|w|layout)$/.test(key));
    });
    await cache.close();
    await store.close();
  });

  it('ends by itself when nobody has used it for a while, and what it stored is not found any more', async () => {
    await using server = await startValkey({});
    const store = valkeyStore({ url: server.url, sessionIdle: '100ms' });
    const cache = createToolCache({ store });
    let loads = 0;
    const read = cache.read(async () => (loads += 1), { name: 'get_ticket', resource: 'ticket' });
    const session = cache.openSession({ id: 's1' });
    await session.run(() => read());
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await session.run(() => read())).toBe(2);
    expect(await session.run(() => read())).toBe(3);
    await cache.close();
    await store.close();
  });

  it('lives on for as long as it is used, also by nothing but hits', async () => {
    await using server = await startValkey({});
    const store = valkeyStore({ url: server.url, sessionIdle: '400ms' });
    const cache = createToolCache({ store });
    let loads = 0;
    const read = cache.read(async () => (loads += 1), { name: 'get_ticket', resource: 'ticket' });
    const session = cache.openSession({ id: 's1', loopDetection: false });
    for (let use = 0; use < 12; use += 1) {
      await session.run(() => read());
      await new Promise((resolve) => setTimeout(resolve, 80));
    }
    expect(loads).toBe(1);
    await cache.close();
    await store.close();
  });
});

describe('the clock on the server', () => {
  it('remembers no more tags than it was told to, and forgetting costs misses alone', async () => {
    await using server = await startValkey({});
    const shop = openValkeyShop({ url: server.url, maxTags: 50, maxCopies: 0 });
    await untilHit(shop);
    for (let each = 0; each < 200; each += 1) await shop.cache.invalidate(['other', String(each)]);
    const [key] = (await server.command('KEYS', '*:t')) as [string];
    expect(Number(await server.command('ZCARD', key))).toBeLessThanOrEqual(60);
    shop.data.items = 1;
    expect(await shop.getCart()).toBe('1 items');
    await untilHit(shop);
    await shop.close();
  });
});
