import type { Stamp } from '../../freshness/tag-clock.ts';
import type { SieveNode } from '../../near-cache/sieve.ts';
import type { EntryAddress, SessionHandle, StoredEntry } from '../../store/entry-store.ts';

/** Is an entry, its place among the others, and the version of the tag clock at which it was last known to be valid. */
export interface MemoryEntry extends StoredEntry, SieveNode<MemoryEntry> {
  readonly owner: Owner;
  readonly key: string;
  readonly session: SessionHandle | undefined;
  readonly stamp: Stamp;
  /** Is the time past the ttl during which the entry is kept. */
  readonly retainMs: number;
  validAt: number;
  /** Is the address that keeps the entry, to spare the search for it. */
  heldAt: EntryAddress | undefined;
}

/** Is told when an entry leaves because there is no room, or because its time is over. */
interface Owner {
  evicted(entry: MemoryEntry): void;
  expire(entry: MemoryEntry): void;
}

/**
 * Tells whether an entry belongs to a session, or to none. An address names one opening of a session: what an earlier one
 * of the same id left behind is not its business.
 */
export function isOf(entry: MemoryEntry, session: SessionHandle | undefined): boolean {
  return entry.session === session || entry.session?.opening === session?.opening;
}
