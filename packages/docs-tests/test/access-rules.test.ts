import { createCache, createToolCache, type KeepstepEvent } from '@keepstep/core';
import { bindStoreConformance } from '@keepstep/core/testing';
import { valkeyStore } from '@keepstep/core/valkey';
import { startReplica, startValkey, waitUntil, type ValkeyServer } from '@keepstep/test-servers';
import { Redis } from 'iovalkey';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readPages } from '../src/page.ts';

/** Reads the rules of the user that the page about stores gives to Keepstep: for a cache, and those that state adds to them. */
function documentedRules(): { readonly cache: string[]; readonly state: string[] } {
  const text = readPages().find(({ path }) => path === 'docs/stores.md')?.text ?? '';
  const blocks = [...text.matchAll(/^ACL SETUSER keepstep (.*?)^```/gms)].map(([, rules = '']) =>
    rules.split(/[\s\\]+/).filter((rule) => rule !== ''),
  );
  const [cache = [], state = []] = blocks;
  return { cache, state };
}

async function allow(server: ValkeyServer, rules: readonly string[] = documentedRules().cache): Promise<string> {
  await server.command('ACL', 'SETUSER', 'keepstep', ...rules);
  return server.url.replace('//', '//keepstep:secret@');
}

/** Does all that a store is asked to do, in two processes' stead, and returns what went wrong. */
async function useAllOf(url: string): Promise<KeepstepEvent[]> {
  const events: KeepstepEvent[] = [];
  const onEvent = (event: KeepstepEvent): void => {
    if (event.type === 'store-error' || event.type === 'call-bypassed') events.push(event);
  };
  const [here, there] = [valkeyStore({ url, budget: '5s', maxTags: 10 }), valkeyStore({ url, budget: '5s' })];
  const caches = [here, there].map((store) => createToolCache({ store, onEvent }));
  const [one, other] = caches as [(typeof caches)[0], (typeof caches)[0]];
  const answer = Promise.withResolvers<string>();
  let loads = 0;
  const slow = caches.map((cache) =>
    cache.read(
      () => {
        loads += 1;
        return answer.promise;
      },
      { name: 'slow', scope: 'global', resource: 'slow' },
    ),
  );
  const asked = slow.map((read) => read());
  await waitUntil('one of them loads', async () => loads > 0);
  await new Promise((resolve) => setTimeout(resolve, 100));
  answer.resolve('x'.repeat(100_000));
  await Promise.all(asked);
  const getCart = one.read(async (_id: string) => 'cart', {
    name: 'get_cart',
    resource: (id) => ['cart', id],
    scope: 'global',
    staleWhileRevalidate: '1m',
  });
  const addToCart = other.write(async () => true, { name: 'add', invalidates: ['cart', 'a'], scope: 'global' });
  await getCart('a');
  await addToCart();
  for (let each = 0; each < 20; each += 1) await one.invalidate(['cart', String(each)]);
  await getCart('a');
  await one.explain('get_cart', 'a');
  await one.session({ id: 's', loopDetection: false }, async () => {
    const read = one.read(async () => 1, { name: 'own', resource: 'own' });
    const write = one.write(async () => 1, { name: 'own_write', invalidates: 'own' });
    await read();
    await write();
    await read();
  });
  const failing = one.read(() => Promise.reject(new Error('no')), { name: 'failing', scope: 'global' });
  await failing().catch(() => undefined);
  const plain = createCache({ store: here });
  await plain.set('key', 1, { ttl: '1m' });
  await plain.set('key', 'x'.repeat(100_000), { ttl: '1m' });
  await plain.delete('key');
  await plain.clear();
  await Promise.all([...caches, plain].map((cache) => cache.close()));
  await Promise.all([here.close(), there.close()]);
  return events;
}

it('grants all that a store needs, with a replica or without, and nothing that it does not use', async () => {
  await using alone = await startValkey();
  await using primary = await startValkey();
  await using _replica = await startReplica(primary);
  const used = new Set<string>();
  for (const server of [alone, primary]) {
    const url = await allow(server);
    await server.command('CONFIG', 'RESETSTAT');
    expect(await useAllOf(url)).toEqual([]);
    expect(await server.command('ACL', 'LOG')).toEqual([]);
    const stats = String(await server.command('INFO', 'commandstats'));
    for (const [, name = ''] of stats.matchAll(/^cmdstat_([^:|]+)/gm)) used.add(name);
  }
  const granted = documentedRules().cache.filter((rule) => rule.startsWith('+'));
  expect(granted.length).toBeGreaterThan(10);
  expect(granted.filter((rule) => !used.has(rule.slice(1)))).toEqual([]);
});

describe('with the rules for state', () => {
  let server: ValkeyServer;
  let url: string;

  beforeAll(async () => {
    server = await startValkey();
    const { cache, state } = documentedRules();
    url = await allow(server, [...cache, ...state]);
    await server.command('CONFIG', 'RESETSTAT');
  });

  bindStoreConformance(
    { describe, it },
    {
      name: 'valkey',
      async create() {
        await server.command('FLUSHALL');
        const open = () => valkeyStore({ url, lease: 1_000, maxLoad: 1_000, budget: '5s' });
        return { a: open(), b: open() };
      },
      advance: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      capabilities: ['lease-expiry', 'shared', 'state', 'checkpoints', 'stats'],
      leaseMs: 1_000,
    },
  );

  it('asks for nothing more, and for each of them', async () => {
    expect(await server.command('ACL', 'LOG')).toEqual([]);
    const stats = String(await server.command('INFO', 'commandstats'));
    const used = new Set([...stats.matchAll(/^cmdstat_([^:]+)/gm)].map(([, name]) => `+${name}`));
    expect(documentedRules().state.filter((rule) => !used.has(rule))).toEqual([]);
  });

  afterAll(() => server.stop());
});

it.each([
  ['GET', ['theirs']],
  ['SET', ['theirs', '1']],
  ['EVAL', ['return redis.call("GET", KEYS[1])', 1, 'theirs']],
  ['SUBSCRIBE', ['theirs']],
  ['KEYS', ['*']],
  ['FLUSHALL', []],
  ['CONFIG', ['GET', '*']],
] as const)('lets nobody with these rules send %s %j', async (name, args) => {
  await using server = await startValkey();
  const client = new Redis(await allow(server));
  await expect(client.call(name, ...args)).rejects.toThrow(/NOPERM|ACL|permission/);
  client.disconnect();
});
