import { startProxy, startValkey, waitUntil, type Proxy, type ValkeyServer } from '@keepstep/test-servers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createToolCache, type KeepstepEvent } from '../src/index.ts';
import { valkeyStore } from '../src/stores/valkey/index.ts';

/** Is longer than any test may take: who waits for the end of such a lease waits for ever. */
const LEASE = '10m';

describe('a lease that nobody uses', () => {
  let server: ValkeyServer;
  let proxy: Proxy;

  beforeEach(async () => {
    server = await startValkey();
    proxy = await startProxy(server);
  });
  afterEach(async () => {
    await proxy.stop();
    await server.stop();
  });

  /** Opens a cache with one read tool, whose loads wait for `load`. */
  async function open(port: number, load: () => Promise<void> = async () => undefined) {
    const store = valkeyStore({ url: `valkey://127.0.0.1:${port}`, lease: LEASE, maxLoad: LEASE });
    await store.ready?.();
    const failed: string[] = [];
    const onEvent = (event: KeepstepEvent): void => {
      if (event.type === 'store-error') failed.push(event.operation);
    };
    const cache = createToolCache({ store, onEvent });
    const read = cache.read(
      async (key: string) => {
        await load();
        return key;
      },
      { name: 'read', scope: 'global', resource: 'data' },
    );
    return {
      read,
      cache,
      /** Lists the operations of the store that have failed. */
      failed,
      async close() {
        await cache.close();
        await store.close();
      },
    };
  }

  it('is given back when the reply that grants it is lost', async () => {
    const [one, other] = [await open(proxy.port), await open(server.port)];
    // From now on the server knows the scripts, and nothing is on its way.
    while (one.cache.metrics().hits === 0) await one.read('warm');
    const asksForLease = (words: readonly string[]): boolean => words.some((word) => word.includes(':l:'));
    proxy.loseReplies({ commands: ['EVALSHA'], matching: asksForLease, count: 1 });
    expect(await one.read('key')).toBe('key');
    expect(proxy.lostReplies).toBe(1);
    expect(one.cache.metrics().bypassed).toBe(1);
    expect(await other.read('key')).toBe('key');
    expect(other.cache.metrics()).toMatchObject({ misses: 1, bypassed: 0 });
    await Promise.all([one.close(), other.close()]);
  });

  it('is given back when the load is over and its commit does not get through', async () => {
    const loading = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const one = await open(proxy.port, () => {
      begun.resolve();
      return loading.promise;
    });
    const other = await open(server.port);
    const reading = one.read('key');
    await begun.promise;
    proxy.refuse();
    proxy.cut();
    loading.resolve();
    expect(await reading).toBe('key');
    const waiting = other.read('key');
    await waitUntil('the first attempt to give it back has failed', () => one.failed.includes('release'));
    proxy.heal();
    expect(await waiting).toBe('key');
    expect(other.cache.metrics()).toMatchObject({ misses: 1, bypassed: 0 });
    await Promise.all([one.close(), other.close()]);
  });
});
