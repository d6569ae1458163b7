import { freePort, startProxy, startReplica, startValkey } from '@keepstep/test-servers';
import { Redis } from 'iovalkey';
import { describe, expect, it } from 'vitest';

import { valkeyStore } from '../src/stores/valkey/index.ts';
import { openValkeyShop, untilHit } from './valkey-shop.ts';

describe('over a Valkey server', () => {
  it('that is down at the start, tools run, events say why, and hits come once it is there', async () => {
    const port = await freePort();
    const shop = openValkeyShop({ url: `valkey://127.0.0.1:${port}` });
    expect(await shop.getCart()).toBe('0 items');
    expect(await shop.addToCart()).toBe('added');
    expect(await shop.getCart()).toBe('1 items');
    expect(shop.failures().join()).toMatch(/ECONNREFUSED/);
    expect(shop.bypasses()).toEqual(['store-failed']);
    await using _server = await startValkey({ config: { port } });
    await untilHit(shop);
    await shop.close();
  });

  it('that goes away in the middle and comes back empty, nothing stale is served, and hits come back', async () => {
    await using server = await startValkey({});
    const shop = openValkeyShop({ url: server.url });
    await untilHit(shop);
    await server.kill9();
    expect(await shop.addToCart()).toBe('added');
    expect(await shop.getCart()).toBe('1 items');
    await server.restart();
    await untilHit(shop);
    expect(await shop.getCart()).toBe('1 items');
    await shop.close();
  });

  it('that is stopped and goes on, calls take no longer than the budget says, and hits come back', async () => {
    await using server = await startValkey({});
    const shop = openValkeyShop({ url: server.url, budget: '100ms', invalidationBudget: '100ms' });
    await untilHit(shop);
    server.pause();
    expect(await shop.addToCart()).toBe('added');
    expect(await shop.getCart()).toBe('1 items');
    expect(shop.failures().join()).toMatch(/has not answered ".+" within 100 ms/);
    server.resume();
    await untilHit(shop);
    expect(await shop.getCart()).toBe('1 items');
    await shop.close();
  });

  it('that is stopped, calls are not held up any more after the first few', async () => {
    await using server = await startValkey({});
    const shop = openValkeyShop({ url: server.url, budget: '50ms' });
    await untilHit(shop);
    server.pause();
    for (let call = 0; call < 30; call += 1) await shop.getCart();
    expect(shop.failures().join()).toMatch(/left alone for a moment/);
    server.resume();
    await untilHit(shop);
    await shop.close();
  });

  it('that swallows everything on a connection, another connection is made', async () => {
    await using server = await startValkey({});
    await using proxy = await startProxy(server);
    const shop = openValkeyShop({ url: `valkey://${proxy.host}:${proxy.port}`, budget: '50ms' });
    await untilHit(shop);
    proxy.halfOpen();
    expect(await shop.getCart()).toBe('0 items');
    proxy.heal();
    await untilHit(shop);
    await shop.close();
  });

  it('that has become a replica, writes run and nothing stale is served', async () => {
    await using server = await startValkey({});
    await using other = await startValkey({});
    const shop = openValkeyShop({ url: server.url });
    await untilHit(shop);
    await server.command('REPLICAOF', other.host, other.port);
    expect(await shop.addToCart()).toBe('added');
    expect(await shop.getCart()).toBe('1 items');
    await server.command('REPLICAOF', 'NO', 'ONE');
    await untilHit(shop);
    expect(await shop.getCart()).toBe('1 items');
    await shop.close();
  });

  it('whose memory is full, invalidations are taken and values are not', async () => {
    await using server = await startValkey({});
    const shop = openValkeyShop({ url: server.url, maxCopies: 0 });
    await untilHit(shop);
    await server.command('CONFIG', 'SET', 'maxmemory', '1');
    expect(await shop.getCart()).toBe('0 items');
    expect(await shop.addToCart()).toBe('added');
    expect([await shop.getCart(), await shop.getCart()]).toEqual(['1 items', '1 items']);
    expect(shop.failures().join()).toMatch(/OOM/);
    await server.command('CONFIG', 'SET', 'maxmemory', '0');
    await untilHit(shop);
    await shop.close();
  });

  it('that asks for another password, tools run and the event says so', async () => {
    await using server = await startValkey({ password: 'right' });
    const shop = openValkeyShop({ url: `valkey://:wrong@${server.host}:${server.port}` });
    expect(await shop.getCart()).toBe('0 items');
    expect(shop.failures().join()).toMatch(/WRONGPASS/);
    expect(shop.failures().join()).not.toMatch(/wrong@/);
    await shop.close();
    const admitted = openValkeyShop({ url: server.url });
    await untilHit(admitted);
    await admitted.close();
  });

  it('that holds something else under the key of an entry, the tool runs and the event says so', async () => {
    await using server = await startValkey({});
    const shop = openValkeyShop({ url: server.url, maxCopies: 0 });
    await untilHit(shop);
    const keys = (await server.command('KEYS', '*:e:*')) as string[];
    expect(keys.length).toBe(1);
    await server.command('DEL', keys[0] as string);
    await server.command('LPUSH', keys[0] as string, 'a list');
    expect(await shop.getCart()).toBe('0 items');
    expect(shop.failures().join()).toMatch(/WRONGTYPE/);
    await server.command('DEL', keys[0] as string);
    await untilHit(shop);
    await shop.close();
  });

  it.each([
    ['nothing that is an entry', () => 'nonsense'],
    ['an entry that was cut off', (text: string) => text.slice(0, 60)],
    ['an entry whose value was cut off', (text: string) => text.slice(0, -4)],
    ['an entry of another version', (text: string) => `2${text.slice(1)}`],
  ])('that holds %s, the tool runs and its result takes the place', async (_, damage) => {
    await using server = await startValkey({});
    const shop = openValkeyShop({ url: server.url, maxCopies: 0 });
    await untilHit(shop);
    const [key] = (await server.command('KEYS', '*:e:*')) as [string];
    const text = String(await server.command('GET', key));
    await server.command('SET', key, damage(text), 'KEEPTTL');
    const before = shop.data.loads;
    expect(await shop.getCart()).toBe('0 items');
    expect(shop.data.loads).toBe(before + 1);
    await untilHit(shop);
    await shop.close();
  });

  it('that others keep in another number of partitions, nothing is cached and the event says what to do', async () => {
    await using server = await startValkey({});
    const shop = openValkeyShop({ url: server.url });
    await untilHit(shop);
    const other = openValkeyShop({ url: server.url, partitions: 4 });
    expect([await other.getCart(), await other.getCart()]).toEqual(['0 items', '0 items']);
    expect(other.data.loads).toBe(2);
    expect(other.failures().join()).toMatch(/kept as "v1 P=1" .* the same number of partitions/);
    await expect(other.cache.invalidate('cart')).rejects.toMatchObject({ code: 'store_mismatch' });
    await shop.close();
    await other.close();
  });

  it('that forgets all scripts, nothing happens', async () => {
    await using server = await startValkey({});
    const shop = openValkeyShop({ url: server.url });
    await untilHit(shop);
    await server.command('SCRIPT', 'FLUSH');
    expect(await shop.addToCart()).toBe('added');
    expect(await shop.getCart()).toBe('1 items');
    await server.command('SCRIPT', 'FLUSH');
    expect(await shop.getCart()).toBe('1 items');
    expect(shop.failures()).toEqual([]);
    await shop.close();
  });

  it('that is flushed, nothing stale is served and hits come back', async () => {
    await using server = await startValkey({});
    const shop = openValkeyShop({ url: server.url });
    await untilHit(shop);
    await server.command('FLUSHALL');
    await untilHit(shop);
    expect(shop.failures()).toEqual([]);
    await shop.close();
  });

  it('that gets a replica, its incarnation is proven by scripts from then on', async () => {
    await using server = await startValkey({});
    const shop = openValkeyShop({ url: server.url, maxCopies: 0 });
    await untilHit(shop);
    await using _replica = await startReplica(server);
    const calls = async (): Promise<number> =>
      Number(/calls=(\d+)/.exec(await server.info('cmdstat_evalsha'))?.[1] ?? 0);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await shop.getCart();
    await shop.getCart();
    const before = await calls();
    await shop.getCart();
    expect((await calls()) - before).toBe(1);
    await shop.close();
  });
});

describe('a Valkey store', () => {
  it('refuses what cannot be, at once, and says what is allowed', () => {
    const refusals: [options: object, message: RegExp][] = [
      [{}, /exactly one of url, nodes, sentinels, client/],
      [{ url: 'valkey://a', nodes: [{ host: 'a', port: 1 }] }, /url and nodes/],
      [{ url: 'valkey://a', group: 'g' }, /"group"/],
      [{ nodes: [] }, /"nodes".*at least one/],
      [{ client: {} }, /"client".*evalshaBuffer/],
      [{ client: Object.assign(new Redis({ lazyConnect: true }), { zmscore: undefined }) }, /"client".*zmscore/],
      [{ client: new Redis({ lazyConnect: true, keyPrefix: 'p:' }) }, /keyPrefix/],
      [{ url: 'valkey://a', budget: 0 }, /"budget"/],
      [{ url: 'valkey://a', partitions: 0 }, /"partitions".*1 to 1024/],
      [{ url: 'valkey://a', maxTags: Infinity }, /"maxTags"/],
      [{ url: 'valkey://a', ttl: '5m' }, /"ttl"/],
    ];
    for (const [options, message] of refusals) expect(() => valkeyStore(options as never)).toThrow(message);
  });
});
