import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';

import { REFUSAL, TTL_MS, type Contender } from './contender.ts';

/**
 * Is bentocache with one layer, its memory driver, and `getOrSet`, the way its README reads through. It serialises its
 * entries unless told not to; told not to, it is much faster and shares them, so it is told wherever sharing will do.
 */
export const bentocache: Contender = {
  name: 'bentocache getOrSet',
  package: 'bentocache',
  open({ argument, sharing, maxEntries, load }) {
    if (argument === 'object') return REFUSAL.textKeys;
    if (sharing === 'freeze') return REFUSAL.cannotFreeze;
    const driver = memoryDriver({ maxItems: maxEntries, serialize: sharing === 'copy' });
    const bento = new BentoCache({
      default: 'memory',
      stores: { memory: bentostore().useL1Layer(driver) },
      ttl: TTL_MS,
    });
    const read = (key: string): Promise<unknown> => bento.getOrSet({ key, factory: () => load(key) });
    return { hit: read, read, loadsOnce: true, close: () => bento.disconnectAll() };
  },
};
