import { join } from 'node:path';
import { startValkey } from '@keepstep/test-servers';
import { describe, expect, it, onTestFinished } from 'vitest';

import { createCache, type Store } from '../src/index.ts';
import { sqliteStore } from '../src/stores/sqlite/index.ts';
import { valkeyStore } from '../src/stores/valkey/index.ts';
import { scratchFolder } from './scratch-folder.ts';

const places: readonly [string, () => Promise<() => Store>][] = [
  [
    'a file',
    async () => {
      const path = join(scratchFolder(), 'agent.db');
      return () => sqliteStore({ path });
    },
  ],
  [
    'a server',
    async () => {
      const server = await startValkey({});
      onTestFinished(() => server.stop());
      return () => valkeyStore({ url: server.url });
    },
  ],
];

/** Opens two caches as two processes would. */
async function givenTwo(place: () => Promise<() => Store>) {
  const open = await place();
  const caches = [open(), open()].map((store) => {
    const cache = createCache<string>({ store, ttl: '1m' });
    onTestFinished(async () => {
      await cache.close();
      await store.close();
    });
    return cache;
  });
  return caches as [(typeof caches)[0], (typeof caches)[0]];
}

describe.each(places)('a get without a loader, on %s', (_, place) => {
  it('finds what this process has set, and what another one has', async () => {
    const [here, there] = await givenTwo(place);
    expect(await here.get('user:1')).toBeUndefined();
    await here.set('user:1', 'Ann', { resources: ['user'] });
    expect([await here.get('user:1'), await there.get('user:1')]).toEqual(['Ann', 'Ann']);
    expect(there.metrics()).toMatchObject({ hits: 1, misses: 0 });
    expect(here.metrics()).toMatchObject({ hits: 1, misses: 1 });
  });

  it('finds nothing that was deleted, invalidated or set anew elsewhere', async () => {
    const [here, there] = await givenTwo(place);
    await here.set('user:1', 'Ann', { resources: ['user'] });
    await here.set('user:2', 'Bob', { resources: ['user'] });
    await here.set('user:3', 'Cid');
    expect(await there.get('user:1')).toBe('Ann');
    await there.delete('user:1');
    await there.set('user:3', 'Dan');
    expect([await here.get('user:1'), await here.get('user:2'), await here.get('user:3')]).toEqual([
      undefined,
      'Bob',
      'Dan',
    ]);
    await there.invalidate('user');
    expect(await here.get('user:2')).toBeUndefined();
  });
});
