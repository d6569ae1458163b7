import type { Cluster, Redis } from 'iovalkey';

import { TTL_MS, type Protocol } from './control.ts';

interface Entry {
  readonly version: number;
  /** Holds the counters of the tags when the entry was stamped. */
  readonly counters: readonly number[];
}

/**
 * Counts the invalidations of each tag, and compares when an entry is read; a counter that is missing counts as 0.
 *
 * @param stampedAfterLoad says whether the counters are read once the value is there; otherwise before it is loaded
 */
export function versionCounters(client: Redis | Cluster, stampedAfterLoad: boolean): Protocol<readonly number[]> {
  return {
    async find(key, tags) {
      const [text, ...found] = (await client.mget(key, ...tags)) as [string | null, ...(string | null)[]];
      const counters = found.map(Number);
      const entry = text === null ? undefined : (JSON.parse(text) as Entry);
      const isValid = entry?.counters.every((counter, index) => (counters[index] as number) <= counter) ?? false;
      return isValid ? { version: (entry as Entry).version } : { stamp: counters };
    },
    async keep(key, tags, version, stamp) {
      const counters = stampedAfterLoad ? (await client.mget(...tags)).map(Number) : stamp;
      await client.set(key, JSON.stringify({ version, counters } satisfies Entry), 'PX', TTL_MS);
      return true;
    },
    drop: (tag) => client.incr(tag),
  };
}
