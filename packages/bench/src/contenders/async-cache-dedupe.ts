import { createCache } from 'async-cache-dedupe';

import type { Argument } from '../near-cache/argument.ts';
import { REFUSAL, TTL_MS, type Contender } from './contender.ts';

/**
 * Is async-cache-dedupe as its README begins: memory storage, a ttl, one defined function. It spells objects as text by
 * itself. To hand out copies it has a transformer; without one it shares.
 */
export const asyncCacheDedupe: Contender = {
  name: 'async-cache-dedupe',
  package: 'async-cache-dedupe',
  open({ load, sharing, maxEntries }) {
    if (sharing === 'freeze') return REFUSAL.cannotFreeze;
    const cache = createCache({
      ttl: TTL_MS / 1000,
      storage: { type: 'memory', options: { size: maxEntries } },
      ...(sharing === 'copy' && { transformer: { serialize: JSON.stringify, deserialize: JSON.parse } }),
    }).define('getCart', load);
    const read = (argument: Argument): Promise<unknown> => cache.getCart(argument);
    return { hit: read, read, loadsOnce: true, close: () => cache.clear() };
  },
};
