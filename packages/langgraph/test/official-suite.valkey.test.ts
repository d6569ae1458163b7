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

  it('asks the server for no more when a list and its thread are long, nor when others are there', async () => {
    const saver = new KeepstepSaver({ store: stores.get('Valkey') as Store, namespace: 'long' });
    const commandsOf = async (work: () => Promise<unknown>): Promise<Record<string, number>> => {
      await command('CONFIG', 'RESETSTAT');
      await work();
      const stats = String(await command('INFO', 'commandstats')).matchAll(/cmdstat_(\w+):calls=(\d+)/g);
      return Object.fromEntries([...stats].map(([, name, calls]) => [name as string, Number(calls)]));
    };
    const configOf = (thread: string, id?: number) => ({
      configurable: { thread_id: thread, checkpoint_ns: '', ...(id !== undefined && { checkpoint_id: `id ${id}` }) },
    });
    const put = async (thread: string, list: readonly string[]): Promise<unknown> => {
      const id = list.length + 1_000;
      const checkpoint = { v: 4, id: `id ${id}`, ts: '', versions_seen: {} };
      const values = { channel_values: { list }, channel_versions: { list: id } };
      const metadata = { source: 'loop', step: 1, parents: {} } as const;
      return saver.put(configOf(thread, id - 1), { ...checkpoint, ...values }, metadata, { list: id });
    };
    const puts: Record<string, number>[] = [];
    let list: string[] = [];
    for (let length = 1; length <= 300; length += 1) {
      list = list.concat(`message ${length}`);
      if (length === 10 || length === 300) puts.push(await commandsOf(() => put('thread', list)));
      else await put('thread', list);
    }
    expect(puts[0]).toMatchObject({ evalsha: 1, hsetnx: 1 });
    expect(puts[1]).toEqual(puts[0]);

    const latest: Record<string, number>[] = [];
    const gone: Record<string, number>[] = [];
    for (const others of [0, 500]) {
      await Promise.all(Array.from({ length: others }, (_, index) => put(`other ${index}`, ['a', 'b'])));
      await put('short', ['a']);
      latest.push(await commandsOf(() => saver.getTuple(configOf('short'))));
      gone.push(await commandsOf(() => saver.deleteThread('short')));
    }
    expect(latest[1]).toEqual(latest[0]);
    expect(gone[1]).toEqual(gone[0]);
  });
});
