import { Cacheable, CacheableMemory, createKeyv } from 'cacheable';

import type { Argument } from '../near-cache/argument.ts';
import { REFUSAL, TTL_MS, type Contender, type OpenCache, type Task } from './contender.ts';

/** Is `getOrSet`, the way cacheable's README reads through. */
export const cacheableGetOrSet: Contender = {
  name: 'cacheable getOrSet',
  package: 'cacheable',
  note: 'no bounds',
  open(task) {
    if (task.argument === 'object') return REFUSAL.textKeys;
    const cache = openCache(task);
    if (typeof cache === 'string') return cache;
    const read = (key: string): Promise<unknown> => cache.getOrSet(key, () => task.load(key));
    return { hit: read, read, loadsOnce: true, ...endsOf(cache) };
  },
};

/** Is `wrap`, which takes any arguments. It keeps a hash of 32 bits of them as the key, so that two calls may meet. */
export const cacheableWrap: Contender = {
  name: 'cacheable wrap',
  package: 'cacheable',
  note: 'no bounds; keys are hashes of 32 bits',
  open(task) {
    const cache = openCache(task);
    if (typeof cache === 'string') return cache;
    const read: (argument: Argument) => Promise<unknown> = cache.wrap(task.load, { keyPrefix: 'get_cart' });
    return { hit: read, read, loadsOnce: true, ...endsOf(cache) };
  },
};

/** Is a bare `get`, which cannot load. */
export const cacheableGet: Contender = {
  name: 'cacheable get',
  package: 'cacheable',
  note: 'no bounds',
  open(task) {
    if (task.argument === 'object') return REFUSAL.textKeys;
    const cache = openCache(task);
    if (typeof cache === 'string') return cache;
    return {
      hit: (key: string) => cache.get(key),
      read: undefined,
      fill: async (key: string) => cache.set(key, await task.load(key)),
      loadsOnce: false,
      ...endsOf(cache),
    };
  },
};

/** Is the memory that lies below a Cacheable, asked directly. It answers at once and cannot load. */
export const cacheableMemoryGet: Contender = {
  name: 'cacheable CacheableMemory.get',
  package: 'cacheable',
  note: 'no bounds',
  open(task) {
    if (task.argument === 'object') return REFUSAL.textKeys;
    if (task.sharing === 'freeze') return REFUSAL.cannotFreeze;
    const memory = new CacheableMemory({ ttl: TTL_MS, useClone: task.sharing === 'copy' });
    return {
      hit: (key: string) => memory.get(key),
      answersAtOnce: true,
      read: undefined,
      fill: async (key: string) => memory.set(key, await task.load(key)),
      loadsOnce: false,
      close: () => memory.clear(),
    };
  },
};

/** Opens a Cacheable on the store that it has by default, unbounded, with a ttl; copies are made only where asked for. */
function openCache({ sharing }: Task): Cacheable | string {
  if (sharing === 'freeze') return REFUSAL.cannotFreeze;
  return new Cacheable({ primary: createKeyv({ useClone: sharing === 'copy' }), ttl: TTL_MS });
}

function endsOf(cache: Cacheable): Pick<OpenCache, 'empty' | 'close'> {
  return { empty: () => cache.clear(), close: () => cache.disconnect() };
}
