import type { SubjectModule } from '@keepstep/fault-tests';
import { createCache } from 'async-cache-dedupe';

import { openPeerClient } from './peer-client.ts';
import { tagOf, tagsOf } from './stock-tags.ts';

/** Is async-cache-dedupe with its storage in the server, and references for what a write changes. */
export const subject: SubjectModule = {
  name: 'async-cache-dedupe, references',
  clockKeys: 'r:*',
  async open({ target, load }) {
    const client = openPeerClient(target);
    const counts = { hits: 0, coalesced: 0, bypassed: 0, superseded: 0 };
    const cache = createCache({
      ttl: 60,
      storage: { type: 'redis', options: { client, invalidation: { referencesTTL: 60 } } },
      onHit: () => (counts.hits += 1),
      onDedupe: () => (counts.coalesced += 1),
    }).define('getItem', { references: ({ shelf, item }: Item) => tagsOf(shelf, item) }, ({ shelf, item }: Item) =>
      load(shelf, item),
    );
    return {
      read: (shelf, item) => cache.getItem({ shelf, item }),
      async write(path, change) {
        await change();
        await cache.invalidateAll([tagOf(path)]);
        return true;
      },
      counts: () => counts,
      close: async () => client.disconnect(),
    };
  },
};

interface Item {
  readonly shelf: string;
  readonly item: string;
}
