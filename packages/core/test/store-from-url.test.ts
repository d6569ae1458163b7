import { startValkey } from '@keepstep/test-servers';
import { describe, expect, it } from 'vitest';

import { createToolCache, storeFromUrl, type KeepstepEvent } from '../src/index.ts';

describe('a store that a URL names', () => {
  it('is one in memory without a URL', () => {
    for (const url of [undefined, '', 'memory:'])
      expect(storeFromUrl(url)).toMatchObject({ name: 'memory', shared: false });
  });

  it('is shared by two caches, each with a client of its own, when it is on a server', async () => {
    await using server = await startValkey({});
    const stores = [storeFromUrl(server.url), storeFromUrl(server.url)];
    const [one, other] = stores.map((store) => createToolCache({ store }));
    let loads = 0;
    const load = async (): Promise<number> => (loads += 1);
    const policy = { name: 'count', resource: 'counter', scope: 'global' } as const;
    const [readHere, readThere] = [one?.read(load, policy), other?.read(load, policy)];
    expect(await readHere?.()).toBe(1);
    expect(await readThere?.()).toBe(1);
    await other?.invalidate('counter');
    expect(await readHere?.()).toBe(2);
    for (const store of stores) await store.close();
  });

  it('rejects "ready" with the reason, and lets tools run, when nobody listens there', async () => {
    const store = storeFromUrl('valkey://127.0.0.1:1');
    await expect(store.ready?.()).rejects.toMatchObject({ code: 'store_unavailable' });
    const events: KeepstepEvent[] = [];
    const cache = createToolCache({ store, onEvent: (event) => events.push(event) });
    const read = cache.read(async () => 'fresh', { name: 'ask', scope: 'global' });
    expect([await read(), await read()]).toEqual(['fresh', 'fresh']);
    expect(events.map(({ type }) => type)).toContain('store-error');
    await store.close();
  });

  it('can be closed before it was used', async () => {
    const store = storeFromUrl('valkey://127.0.0.1:1');
    await store.close();
    await expect(store.close()).resolves.toBeUndefined();
  });

  it.each([
    ['valkey://', 'no host'],
    ['valkey://host:0', 'host or port'],
    ['valkey://host:123456', 'host or port'],
    ['valkey://a:1,b:2', 'several hosts'],
    ['valkey://host/database', 'database'],
    ['valkey-cluster://a:1,b:2/3', 'only database 0'],
    ['valkey-sentinel://a,b', 'no name of a group'],
    ['valkey+unix:socket', 'does not begin with "/"'],
    ['valkeys+tls://host', 'unknown scheme'],
  ])('is refused at once for %s, and says why: %s', (url, why) => {
    expect(() => storeFromUrl(url)).toThrow(why);
  });

  it('never shows the password of a URL that it refuses', () => {
    expect(() => storeFromUrl('valkey://user:secret@host:0')).toThrow(/^(?!.*secret)/s);
  });
});
