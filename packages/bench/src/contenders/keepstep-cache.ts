import { createCache } from '@keepstep/core';

import type { Argument } from '../near-cache/argument.ts';
import { TTL_MS, type Contender } from './contender.ts';

/** Is the general-purpose cache, with its loader given once. */
export const keepstepCache: Contender = {
  name: 'Keepstep createCache().get',
  package: '@keepstep/core',
  open({ load, sharing, maxEntries }) {
    const cache = createCache<Argument, unknown>({
      load,
      maxEntries,
      maxBytes: Infinity,
      ttl: TTL_MS,
      ...(sharing !== 'any' && { isolation: sharing }),
    });
    const get = (argument: Argument): Promise<unknown> => cache.get(argument);
    return { hit: get, read: get, loadsOnce: true, close: () => cache.close() };
  },
};
