import { Keyv } from 'keyv';

import { REFUSAL, TTL_MS, type Contender } from './contender.ts';

/**
 * Is keyv in memory, as `new Keyv()` gives it, with a ttl. It serialises to JSON unless told not to, as its README advises
 * for a Map; told not to, it shares, so it is told wherever sharing will do. It does not load: get and set are by hand.
 */
export const keyv: Contender = {
  name: 'keyv get, set',
  package: 'keyv',
  note: 'no bounds',
  open({ argument, sharing, load }) {
    if (argument === 'object') return REFUSAL.textKeys;
    if (sharing === 'freeze') return REFUSAL.cannotFreeze;
    const store = new Keyv({ ttl: TTL_MS, ...(sharing !== 'copy' && { serialization: false }) });
    async function fill(key: string): Promise<unknown> {
      const result = await load(key);
      await store.set(key, result);
      return result;
    }
    return {
      hit: (key: string) => store.get(key),
      read: async (key: string) => (await store.get(key)) ?? (await fill(key)),
      fill,
      loadsOnce: false,
      empty: () => store.clear(),
    };
  },
};
