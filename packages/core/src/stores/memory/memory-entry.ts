import type { ValueSnapshot } from '../../codec/value-snapshot.ts';
import type { Stamp } from '../../freshness/tag-clock.ts';
import type { SieveNode } from '../../near-cache/sieve.ts';
import type { EntryAddress, EntryDraft, SessionHandle, StoredEntry } from '../../store/entry-store.ts';

/**
 * Is an entry, its place among the others, and the version of the tag clock at which it was last known to be valid.
 *
 * There are many of them, so what follows from other fields is worked out when it is asked for.
 */
export class MemoryEntry implements StoredEntry, SieveNode<MemoryEntry> {
  readonly owner: Owner;
  readonly key: string;
  readonly session: SessionHandle | undefined;
  readonly snapshot: ValueSnapshot;
  readonly tags: readonly string[];
  readonly stamp: Stamp;
  readonly storedAt: number;
  readonly ttlMs: number;
  /** Is the time past the ttl during which the entry is kept. */
  readonly retainMs: number;
  readonly loadMs: number;
  readonly local: unknown;
  validAt = -1;
  /** Is the address that keeps the entry, to spare the search for it. */
  heldAt: EntryAddress | undefined = undefined;
  visited = false;
  newer: MemoryEntry | undefined = undefined;
  older: MemoryEntry | undefined = undefined;

  constructor(owner: Owner, { key, session }: EntryAddress, draft: EntryDraft, stamp: Stamp, storedAt: number) {
    this.owner = owner;
    this.key = key;
    this.session = session;
    this.snapshot = draft.snapshot;
    this.tags = draft.tags;
    this.stamp = stamp;
    this.storedAt = storedAt;
    this.ttlMs = draft.ttlMs;
    this.retainMs = draft.retainMs;
    this.loadMs = draft.loadMs;
    this.local = draft.local;
  }

  get freshUntil(): number {
    return this.storedAt + this.ttlMs;
  }

  get bytes(): number {
    return this.snapshot.bytes + 2 * this.key.length + OVERHEAD_BYTES;
  }
}

/** Is what an entry takes beside its key and value: the object, its place in the map, its list of tags. */
const OVERHEAD_BYTES = 256;

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
