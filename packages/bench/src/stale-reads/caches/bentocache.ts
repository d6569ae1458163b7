import type { Subject, SubjectModule, SubjectOptions } from '@keepstep/fault-tests';
import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { redisBusDriver, redisDriver } from 'bentocache/drivers/redis';

import { openPeerClient } from './peer-client.ts';
import { tagOf, tagsOf } from './stock-tags.ts';

/** Makes a cache of bentocache, with tags: in the server alone, or with copies in the process and a bus between them. */
export function bentocacheSubject(name: string, layers: 1 | 2): SubjectModule {
  return {
    name,
    clockKeys: 'bentocache:*tag*',
    open: async (options) => openSubject(options, layers),
  };
}

const ITEM_KEY = /^s\d:i\d$/;

function openSubject({ target, load }: SubjectOptions, layers: 1 | 2): Subject {
  const client = openPeerClient(target);
  const server = bentostore().useL2Layer(redisDriver({ connection: client }));
  const store =
    layers === 1
      ? server
      : server
          .useL1Layer(memoryDriver({ maxItems: 1_000 }))
          .useBus(redisBusDriver({ connection: { host: client.options.host ?? '', port: client.options.port ?? 0 } }));
  const cache = new BentoCache({ default: 'stock', stores: { stock: store } });
  const counts = { hits: 0, coalesced: 0, bypassed: 0, superseded: 0 };
  // Its tags are entries, too.
  cache.on('cache:hit', ({ key }) => (counts.hits += ITEM_KEY.test(key) ? 1 : 0));
  return {
    read: (shelf, item) =>
      cache.getOrSet({
        key: `${shelf}:${item}`,
        ttl: '1m',
        tags: tagsOf(shelf, item),
        factory: () => load(shelf, item),
      }),
    async write(path, change) {
      await change();
      return cache.deleteByTag({ tags: [tagOf(path)] });
    },
    counts: () => counts,
    close: () => cache.disconnectAll(),
  };
}
