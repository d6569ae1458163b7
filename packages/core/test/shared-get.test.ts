import { describe, expect, it, onTestFinished } from 'vitest';

import { createCache, storeFromUrl } from '../src/index.ts';
import { givenSharedStore, type SharedStoreName } from './processes/shared-store.ts';

/** Opens two caches as two processes would. */
async function givenTwo(name: SharedStoreName) {
  const { url } = await givenSharedStore(name, 0);
  const caches = [storeFromUrl(url), storeFromUrl(url)].map((store) => {
    const cache = createCache<string>({ store, ttl: '1m' });
    onTestFinished(async () => {
      await cache.close();
      await store.close();
    });
    return cache;
  });
  return caches as [(typeof caches)[0], (typeof caches)[0]];
}

describe.each(['sqlite', 'valkey'] as const)('a get without a loader, on %s', (name) => {
  it('finds what this process has set, and what another one has', async () => {
    const [here, there] = await givenTwo(name);
    expect(await here.get('user:1')).toBeUndefined();
    await here.set('user:1', 'Ann', { resources: ['user'] });
    expect([await here.get('user:1'), await there.get('user:1')]).toEqual(['Ann', 'Ann']);
    expect(there.metrics()).toMatchObject({ hits: 1, misses: 0 });
    expect(here.metrics()).toMatchObject({ hits: 1, misses: 1 });
  });

  it('finds nothing that was deleted, invalidated or set anew elsewhere', async () => {
    const [here, there] = await givenTwo(name);
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
