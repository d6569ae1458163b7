import { valkeyStore } from '@keepstep/core/valkey';
import type { CacheFullKey } from '@langchain/langgraph-checkpoint';
import { startCluster, startValkey, type ValkeyCluster, type ValkeyServer } from '@keepstep/test-servers';
import type { Store } from '@keepstep/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { KeepstepNodeCache } from '../src/keepstep-node-cache.ts';
import { KeepstepSaver } from '../src/keepstep-saver.ts';
import { bindCheckpointer } from './bind-checkpointer.ts';

let alone: ValkeyServer;
let cluster: ValkeyCluster;
const stores = new Map<string, Store>();

beforeAll(async () => {
  [alone, cluster] = await Promise.all([startValkey({}), startCluster()]);
  stores.set('Valkey', valkeyStore({ url: alone.url }));
  stores.set('Valkey Cluster', valkeyStore({ url: cluster.url }));
});

afterAll(async () => {
  for (const store of stores.values()) await store.close();
  await Promise.all([alone?.stop(), cluster?.stop()]);
});

let runs = 0;

for (const name of ['Valkey', 'Valkey Cluster']) {
  bindCheckpointer(`on ${name}`, () => {
    runs += 1;
    // A namespace of its own is as good as an empty server.
    return new KeepstepSaver({ store: stores.get(name) as Store, namespace: `run ${runs}` });
  });
}

it.each(['Valkey', 'Valkey Cluster'])('a cache of nodes on %s is one for all processes', async (name) => {
  const store = stores.get(name) as Store;
  const elsewhere = valkeyStore({ url: name === 'Valkey' ? alone.url : cluster.url });
  const [here, there] = [new KeepstepNodeCache({ store }), new KeepstepNodeCache({ store: elsewhere })];
  const [one, other]: CacheFullKey[] = [
    [['a'], 'key'],
    [['b'], 'key'],
  ];
  await here.set([
    { key: one as CacheFullKey, value: 1 },
    { key: other as CacheFullKey, value: 2, ttl: 60 },
  ]);
  const keys = [one, other] as CacheFullKey[];
  expect((await there.get(keys)).map(({ value }) => value)).toEqual([1, 2]);
  await there.clear([['a']]);
  expect((await here.get(keys)).map(({ value }) => value)).toEqual([2]);
  await there.clear([]);
  expect(await here.get(keys)).toEqual([]);
  await elsewhere.close();
});

describe('on a server, KeepstepSaver', () => {
  const command = async (text: string, ...args: string[]): Promise<unknown> => alone.command(text, ...args);

  it('stores a checkpoint, and writes, in one script each, and never looks through the keys', async () => {
    const saver = new KeepstepSaver({ store: stores.get('Valkey') as Store, namespace: 'counted' });
    const checkpoint = {
      v: 4,
      id: '1',
      ts: '',
      channel_values: { a: 1 },
      channel_versions: { a: 1 },
      versions_seen: {},
    };
    const config = { configurable: { thread_id: 'thread', checkpoint_ns: '' } };
    const metadata = { source: 'loop', step: 1, parents: {} } as const;
    // The first call of a thread puts its name on the list of threads.
    await saver.put(config, checkpoint, metadata, { a: 1 });
    await command('CONFIG', 'RESETSTAT');
    const after = { configurable: { ...config.configurable, checkpoint_id: '1' } };
    await saver.put(after, { ...checkpoint, id: '2' }, metadata, {});
    await saver.putWrites(
      after,
      [
        ['a', 1],
        ['b', 2],
      ],
      'task',
    );
    await saver.getTuple(config);
    const stats = String(await command('INFO', 'commandstats'));
    expect(Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1])).toBe(3);
    await saver.deleteThread('thread');
    expect(String(await command('INFO', 'commandstats'))).not.toMatch(/cmdstat_(keys|scan|flush\w*):/);
  });
});
