import { startCluster, startValkey, type ValkeyCluster, type ValkeyServer } from '@keepstep/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Store } from '../src/index.ts';
import { valkeyStore } from '../src/stores/valkey/index.ts';
import { readModifyWrite, repeatOperations, withBrokenState } from '../src/testing/state-sabotage.ts';
import {
  appending,
  counting,
  locking,
  swapping,
  updating,
  verdictsOf,
  withFaults,
  type Story,
} from './linearizability-stories.ts';

const SEEDS = [1, 2, 3, 4];

let alone: ValkeyServer;
let cluster: ValkeyCluster;

beforeAll(async () => {
  [alone, cluster] = await Promise.all([startValkey({}), startCluster()]);
});

afterAll(async () => {
  await Promise.all([alone?.stop(), cluster?.stop()]);
});

/** Runs a story over two clients of one server, on data of its own for each name and seed. */
async function verdicts(
  url: string,
  name: string,
  story: Story,
  change: (store: Store) => Store = (store) => store,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const stores = [valkeyStore({ url, budget: '5s' }), valkeyStore({ url, budget: '5s' })];
  try {
    return await verdictsOf(SEEDS, (seed) => {
      const clients = stores.map((store, index) => {
        const own: Store = {
          ...store,
          state: (namespace) => (store.state as NonNullable<Store['state']>)(`${name} ${namespace}`),
        };
        return change(story === locking ? own : withFaults(own, 10 * seed + index));
      });
      return story(clients, seed);
    });
  } finally {
    for (const store of stores) await store.close();
  }
}

describe.each([
  ['one server', () => alone.url],
  ['a cluster', () => cluster.url],
])('over two clients of %s, replies lost', (where, url) => {
  it.each([
    ['increments', counting],
    ['appends', appending],
    ['updates', updating],
    ['changes by version', swapping],
    ['locks', locking],
  ])('%s act as if each had happened at one moment', async (name, story) => {
    expect(await verdicts(url(), `${where} ${name}`, story)).toEqual({ linearizable: SEEDS });
  });

  it.each([
    ['a counter that is read, added to and written back', counting, readModifyWrite],
    ['a counter that counts again when the reply was lost', counting, repeatOperations],
  ] as const)('the search catches %s', async (name, story, breakState) => {
    const found = await verdicts(url(), `${where} ${name}`, story, (store) => withBrokenState(store, { breakState }));
    expect(found['not-linearizable']?.length ?? 0).toBeGreaterThan(SEEDS.length / 2);
  });
});
