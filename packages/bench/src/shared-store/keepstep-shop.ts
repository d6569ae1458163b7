import { createToolCache, type ReadOptions, type ToolCacheOptions } from '@keepstep/core';
import { valkeyStore, type ValkeyStoreOptions } from '@keepstep/core/valkey';
import type { ValkeyServer } from '@keepstep/test-servers';

import type { Argument } from '../near-cache/argument.ts';
import { largeAnswer, Tool } from '../near-cache/tool.ts';

/** Configures what the bench opens on a server. */
export interface ShopOptions
  extends Pick<ToolCacheOptions, 'consistency'>, Pick<ReadOptions, 'isolation'>, Omit<ValkeyStoreOptions, 'url'> {
  readonly answer?: (argument: Argument) => unknown;
}

let opened = 0;

/** Puts a read tool and a write tool behind a cache on a server, in a namespace of its own. */
export function keepstepShop(server: ValkeyServer, options: ShopOptions = {}) {
  const { consistency = 'strict', isolation = 'copy', answer = largeAnswer, ...storeOptions } = options;
  const tool = new Tool(answer);
  // A busy machine is no server that is down: nothing may be given up here.
  const store = valkeyStore({ url: server.url, budget: '30s', ...storeOptions });
  opened += 1;
  const cache = createToolCache({ namespace: `bench-${opened}`, store, ttl: '1h', consistency });
  const read = cache.read((user: string) => tool.load(user), {
    name: 'get_cart',
    resource: (user) => ['cart', user],
    scope: 'global',
    isolation,
  });
  const write = cache.write(async (_user: string) => true, {
    name: 'add_to_cart',
    invalidates: (user) => ['cart', user],
    scope: 'global',
  });
  return {
    tool,
    store,
    cache,
    read,
    write,
    /** Throws when a call ran past the store: what was timed then is not what a table says. */
    verify(): void {
      const { bypassed } = cache.metrics();
      if (bypassed > 0) throw new Error(`${bypassed} calls ran past the cache.`);
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await cache.close();
      await store.close();
    },
  };
}
