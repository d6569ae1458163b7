import type { Store } from '@keepstep/core';
import { valkeyStore } from '@keepstep/core/valkey';
import { startCluster, startValkey, type ValkeyCluster, type ValkeyServer } from '@keepstep/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { KeepstepStore } from '../src/index.ts';
import { bindItemClients } from './bind-item-clients.ts';
import { bindItemStore } from './bind-item-store.ts';
import { embedWords } from './item-model.ts';

const NAMES = ['Valkey', 'Valkey Cluster'] as const;

let alone: ValkeyServer;
let cluster: ValkeyCluster;
const stores = new Map<string, readonly [Store, Store]>();

beforeAll(async () => {
  [alone, cluster] = await Promise.all([startValkey({}), startCluster()]);
  stores.set('Valkey', [valkeyStore({ url: alone.url }), valkeyStore({ url: alone.url })]);
  stores.set('Valkey Cluster', [valkeyStore({ url: cluster.url }), valkeyStore({ url: cluster.url })]);
});

afterAll(async () => {
  for (const store of [...stores.values()].flat()) await store.close();
  await Promise.all([alone?.stop(), cluster?.stop()]);
});

function storesOn(name: string): readonly [Store, Store] {
  return stores.get(name) as readonly [Store, Store];
}

let runs = 0;

for (const name of NAMES) {
  bindItemStore(
    `on ${name}`,
    (options) => {
      runs += 1;
      return new KeepstepStore({ ...options, store: storesOn(name)[0], namespace: `run ${runs}` });
    },
    25,
  );
  bindItemClients(`on ${name}`, () => storesOn(name));
}

describe('on a server, KeepstepStore', () => {
  /** Counts the commands that a request costs, those inside scripts included. */
  async function cost(request: () => Promise<unknown>): Promise<Record<string, number>> {
    await alone.command('CONFIG', 'RESETSTAT');
    await request();
    const stats = String(await alone.command('INFO', 'commandstats'));
    const counts = [...stats.matchAll(/cmdstat_([\w|]+):calls=(\d+)/g)].map(
      ([, command, calls]) => [command as string, Number(calls)] as const,
    );
    return Object.fromEntries(counts.filter(([command]) => !/^(config|info|client|ping|time)/.test(command)));
  }

  it('costs the same beside 100,000 other items, and gets, puts and finds in single steps', async () => {
    const index = { dims: 2, embeddings: embedWords, fields: ['word'] };
    const store = new KeepstepStore({ store: storesOn('Valkey')[0], namespace: 'counted', index });
    const own = Array.from({ length: 20 }, (_, n) => ({
      namespace: ['mine', String(n % 4)],
      key: String(n),
      value: { n, word: 'red' },
    }));
    await store.batch(own);
    const gets = own.slice(0, 5).map(({ namespace, key }) => ({ namespace, key }));
    const requests: Record<string, () => Promise<unknown>> = {
      get: () => store.get(['mine', '1'], '1'),
      gets: () => store.batch(gets),
      put: () => store.put(['mine', '1'], '1', { n: 1, word: 'far' }),
      search: () => store.search(['mine'], { limit: 5, offset: 3 }),
      filtered: () => store.search(['mine'], { filter: { n: { $gte: 2 } } }),
      nearest: () => store.search(['mine'], { query: 'red' }),
      list: () => store.listNamespaces({ prefix: ['mine'], maxDepth: 1 }),
    };
    const costs = async (): Promise<Record<string, Record<string, number>>> => {
      const found: Record<string, Record<string, number>> = {};
      for (const [name, request] of Object.entries(requests)) {
        await request();
        found[name] = await cost(request);
      }
      return found;
    };
    const before = await costs();
    for (let start = 0; start < 100_000; start += 2_000) {
      await store.batch(
        Array.from({ length: 2_000 }, (_, n) => ({
          // They stand before the own ones and after them.
          namespace: [n % 2 === 0 ? 'a' : 'z', String(n % 50)],
          key: String(start + n),
          value: { n },
        })),
      );
    }
    expect(await costs()).toEqual(before);
    const steps = Object.fromEntries(Object.entries(before).map(([name, { evalsha }]) => [name, evalsha]));
    expect(steps).toEqual({ get: 1, gets: 1, put: 1, search: 2, filtered: 2, nearest: 2, list: 1 });
    for (const counts of Object.values(before)) expect(counts).not.toHaveProperty('scan');
    expect(await store.listNamespaces({ maxDepth: 1 })).toEqual([['a'], ['mine'], ['z']]);
    // A step for each of the three, and one that finds no more.
    expect((await cost(() => store.listNamespaces({ maxDepth: 1 })))['evalsha']).toBeLessThanOrEqual(5);
  });

  it('says what is known when the server is gone', async () => {
    const server = await startValkey({});
    const store = KeepstepStore.fromUrl(server.url);
    await store.put(['a'], 'key', { n: 1 });
    await server.stop();
    await expect(store.get(['a'], 'key')).rejects.toMatchObject({ code: 'state_unavailable', subject: 'a/key' });
    await expect(store.put(['a'], 'key', { n: 2 })).rejects.toMatchObject({ code: 'outcome_unknown' });
    await store.close();
  });
});
