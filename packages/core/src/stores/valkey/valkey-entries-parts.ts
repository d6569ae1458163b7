import type { MaybePromise } from '../../maybe-promise.ts';
import type { EntryParts } from './entry-finder.ts';
import type { EntrySlot, KeyLayout } from './key-layout.ts';
import type { LeaseWatch } from './lease-watch.ts';

/** Is what the entries of a namespace are made of. */
export interface ValkeyEntriesParts extends EntryParts {
  readonly layout: KeyLayout;
  readonly watch: LeaseWatch;
  readonly leaseMs: number;
  readonly maxLoadMs: number;
  readonly maxTags: number;
  readonly maxEntryBytes: number;
  readonly compressAbove: number;
  readonly invalidationBudgetMs: number;
  /** Begins to hear messages, if nobody has yet. */
  readonly listen: () => void;
  /** Resolves once the server is known to keep this namespace in the same number of partitions. */
  readonly agreed: () => MaybePromise<void>;
}

/** Returns the keys that most scripts about one entry begin with. */
export function keysOf({ partition, entry, lease, session }: EntrySlot): string[] {
  return session === undefined ? [partition.clock, entry, lease] : [partition.clock, entry, lease, session];
}
