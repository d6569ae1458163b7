import type { ValueSnapshot } from '../codec/value-snapshot.ts';
import type { EntryStats, SessionHandle, StoredEntry } from '../store/entry-store.ts';
import { Sieve, type SieveNode } from './sieve.ts';

/** Is a copy, in this process, of an entry that lives in a store outside it. */
export class NearCopy implements StoredEntry, SieveNode<NearCopy> {
  visited = false;
  newer: NearCopy | undefined = undefined;
  older: NearCopy | undefined = undefined;
  /** Is a seq at which the store said that the entry was valid; moved on when it says so again. */
  seq: number;

  readonly owner: NearCache;
  readonly key: string;
  readonly session: SessionHandle | undefined;
  /** Names this very entry, so that the store need not send it again. */
  readonly id: string;
  readonly epoch: string;
  readonly snapshot: ValueSnapshot;
  readonly tags: readonly string[];
  /** Lists what the copy is judged by: its tags, and what stands for this one entry. */
  readonly watched: readonly string[];
  /** Says where the entry lives, in the words of its store. */
  readonly home: unknown;
  readonly storedAt: number;
  readonly freshUntil: number;
  /** Is when the copy is dropped: its ttl and the time it is retained are over. */
  readonly expiresAt: number;
  readonly loadMs: number;
  local: unknown;
  readonly bytes: number;

  constructor(owner: NearCache, draft: NearDraft) {
    this.owner = owner;
    this.key = draft.key;
    this.session = draft.session;
    this.id = draft.id;
    this.epoch = draft.epoch;
    this.seq = draft.seq;
    this.snapshot = draft.snapshot;
    this.tags = draft.tags;
    this.watched = draft.watched;
    this.home = draft.home;
    this.storedAt = draft.storedAt;
    this.freshUntil = draft.freshUntil;
    this.expiresAt = draft.expiresAt;
    this.loadMs = draft.loadMs;
    this.local = draft.local;
    this.bytes = draft.snapshot.bytes + 2 * draft.key.length + COPY_OVERHEAD_BYTES;
  }
}

/** Is what a copy is made of. */
export type NearDraft = Pick<
  NearCopy,
  | 'key'
  | 'session'
  | 'id'
  | 'epoch'
  | 'seq'
  | 'snapshot'
  | 'tags'
  | 'watched'
  | 'home'
  | 'storedAt'
  | 'freshUntil'
  | 'expiresAt'
  | 'loadMs'
  | 'local'
>;

/** Makes the table in which the copies of all namespaces of one store share their bounds. */
export function nearTable(maxEntries: number, maxBytes: number): Sieve<NearCopy> {
  return new Sieve<NearCopy>(maxEntries, maxBytes, (copy) => copy.owner.evicted(copy));
}

/**
 * Keeps copies of one namespace's entries in this process, decoded, so that a hit on one is neither sent nor parsed again.
 *
 * It knows nothing of freshness: a copy is served only when a mirror of the store's clock says that it is valid.
 */
export class NearCache {
  readonly #copies = new Map<string, NearCopy>();
  readonly #table: Sieve<NearCopy>;
  #bytes = 0;
  #evictions = 0;
  #expirations = 0;

  constructor(table: Sieve<NearCopy>) {
    this.#table = table;
  }

  /** Returns the copy of an entry, unless its time is over. */
  get(key: string, now: number): NearCopy | undefined {
    const copy = this.#copies.get(key);
    if (copy === undefined) return undefined;
    if (copy.expiresAt <= now) {
      this.#expirations += 1;
      this.#remove(copy);
      return undefined;
    }
    copy.visited = true;
    return copy;
  }

  /** Keeps a copy in place of the one there was; what is too large is not kept. */
  set(draft: NearDraft): NearCopy {
    const copy = new NearCopy(this, draft);
    const replaced = this.#copies.get(draft.key);
    if (replaced !== undefined) {
      copy.visited = replaced.visited;
      this.#remove(replaced);
    }
    if (this.#table.admits(copy.bytes)) {
      this.#table.add(copy);
      this.#copies.set(copy.key, copy);
      this.#bytes += copy.bytes;
    }
    return copy;
  }

  delete(key: string): void {
    const copy = this.#copies.get(key);
    if (copy !== undefined) this.#remove(copy);
  }

  /** Drops the copies that a condition holds for; without one, all of them. */
  drop(condition: (copy: NearCopy) => boolean = () => true): void {
    for (const copy of this.#copies.values()) if (condition(copy)) this.#remove(copy);
  }

  stats(): EntryStats {
    return {
      entries: this.#copies.size,
      bytes: this.#bytes,
      evictions: this.#evictions,
      expirations: this.#expirations,
    };
  }

  /** Takes note that the table has let a copy go to stay within its bounds. */
  evicted(copy: NearCopy): void {
    this.#evictions += 1;
    this.#forget(copy);
  }

  #remove(copy: NearCopy): void {
    this.#table.remove(copy);
    this.#forget(copy);
  }

  #forget(copy: NearCopy): void {
    this.#copies.delete(copy.key);
    this.#bytes -= copy.bytes;
  }
}

/** Is what a copy takes beside its key and value: the object, its place in the map, its list of tags. */
const COPY_OVERHEAD_BYTES = 256;
