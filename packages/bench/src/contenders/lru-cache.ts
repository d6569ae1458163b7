import { LRUCache } from 'lru-cache';

import { REFUSAL, TTL_MS, type Contender, type Task } from './contender.ts';

/** Is lru-cache as its README shows it, bounded by entries and with a ttl. It answers at once and cannot load. */
export const lruCacheGet: Contender = {
  name: 'lru-cache get',
  package: 'lru-cache',
  open(task) {
    const cache = openCache(task);
    if (typeof cache === 'string') return cache;
    return {
      hit: (key: string) => cache.get(key),
      answersAtOnce: true,
      read: undefined,
      fill: async (key: string) => cache.set(key, (await task.load(key)) as object),
      loadsOnce: false,
      close: () => cache.clear(),
    };
  },
};

/** Is lru-cache with the loader that its README calls fetchMethod. */
export const lruCacheFetch: Contender = {
  name: 'lru-cache fetch',
  package: 'lru-cache',
  open(task) {
    const cache = openCache(task);
    if (typeof cache === 'string') return cache;
    const fetch = (key: string): Promise<unknown> => cache.fetch(key);
    return { hit: fetch, read: fetch, loadsOnce: true, close: () => cache.clear() };
  },
};

function openCache({ argument, sharing, maxEntries, load }: Task): LRUCache<string, object> | string {
  if (argument === 'object') return REFUSAL.textKeys;
  if (sharing === 'copy' || sharing === 'freeze') return REFUSAL.shares;
  return new LRUCache({ max: maxEntries, ttl: TTL_MS, fetchMethod: (key) => load(key) });
}
