import type { Isolation, ValueSnapshot } from '../codec/value-snapshot.ts';
import type { MaybePromise } from '../maybe-promise.ts';

/**
 * Holds the cached results of one namespace, and decides what is fresh.
 *
 * The contract in one paragraph. `acquire` is a decision made in one step: a valid entry is a hit; a running load whose
 * stamp is still valid may be followed; otherwise the caller becomes the leader and receives a lease, whose stamp was
 * taken before the load could start. `commit` stores a value only if no tag of it was invalidated after that stamp and
 * the lease is still the newest. Once `invalidate` has resolved, no later `peek` or `acquire`, in any process, returns a
 * value loaded before it. See `freshness/tag-clock.ts` for why this holds.
 *
 * What is not part of the contract: which values are worth caching, how long they are fresh, who may share them, loops,
 * and events. A store does not call user code.
 *
 * Methods answer at once where they can and with a promise where they cannot. They may throw or reject when the store
 * is out of reach; the caller then runs the tool past the cache.
 */
export interface EntryStore {
  /**
   * Returns the entry if this process can prove, without waiting, that it is valid now. Its ttl may be over.
   *
   * @param declared lists tags that must not have been invalidated either: whoever stored the entry may have known fewer
   */
  peek(address: EntryAddress, declared?: readonly string[]): StoredEntry | undefined;

  /**
   * Asks for a proof that the copy in this process is valid, where `peek` has none: with one question for all who ask in the
   * same turn, which is sent after they have asked. A store whose `peek` finds whatever is valid has no such method.
   *
   * @returns undefined when there is no copy that a proof would help
   */
  prove?(address: EntryAddress): Promise<Proof | undefined> | undefined;

  /** Finds the entry, a load to follow, or grants the lease for a new load. */
  acquire(request: AcquireRequest): MaybePromise<Acquisition>;

  /** Stores the value of a load, if it is still valid, and gives the lease back. */
  commit(lease: Lease, draft: EntryDraft): MaybePromise<CommitResult>;

  /** Gives the lease of a load back that failed, was aborted or is not worth storing, so that the next reader may load. */
  release(lease: Lease): MaybePromise<void>;

  /** Stores a value directly; loads of the same key that are running are superseded. */
  put(address: EntryAddress, draft: EntryDraft): MaybePromise<void>;

  /** Deletes one entry; loads of the same key that are running are superseded. Tells whether a valid entry was there. */
  delete(address: EntryAddress): MaybePromise<boolean>;

  /**
   * Tells what a call would find, without changing or counting anything.
   *
   * @param declared lists the tags that the call declares
   */
  inspect(address: EntryAddress, declared?: readonly string[]): MaybePromise<Inspection>;

  /** Invalidates everything that depends on one of the tags. */
  invalidate(tags: readonly string[], session?: SessionHandle): MaybePromise<void>;

  /** Opens a write barrier: until it is closed or `maxMs` have passed, nothing that depends on the tags is served or stored. */
  openBarrier(barrier: Barrier, maxMs: number): MaybePromise<void>;

  /** Closes a write barrier; counts as an invalidation of its tags. */
  closeBarrier(barrier: Barrier): MaybePromise<void>;

  /** Invalidates every entry of this namespace, and of no other. */
  clear(): MaybePromise<void>;

  /**
   * Opens a session, or joins it when the id is open.
   *
   * @throws KeepstepError `session_conflict` when the id is open for another user
   */
  openSession(id: string, userId: string | undefined): MaybePromise<SessionHandle>;

  /** Ends a session: what it stored is gone, and no load that finishes late brings it back. */
  endSession(session: SessionHandle): MaybePromise<void>;

  /** Measures what is held in this process; bounds and evictions included. */
  stats(): EntryStats;
}

/** Is what a store has learnt by asking: it shows copies that were still valid after the question was put. */
export interface Proof {
  /**
   * Returns the copy if the proof covers it. Its ttl may be over.
   *
   * @param declared lists tags that must not have been invalidated either
   */
  peek(address: EntryAddress, declared?: readonly string[]): StoredEntry | undefined;
}

/** Says where an entry lives. */
export interface EntryAddress {
  /** Identifies the call: the canonical text of namespace, scope, tool, version and arguments. */
  readonly key: string;
  /** Is the session whose end drops the entry. */
  readonly session?: SessionHandle | undefined;
  /**
   * Is a place for the store to keep what it holds at this address, so that it need not search: `null` while it is empty.
   * An address that is used once has no such place. What is found here may be another store's.
   */
  held?: unknown;
}

/** Is a session as the store knows it: an id may be opened again, an opening never. */
export interface SessionHandle {
  readonly id: string;
  readonly opening: string;
}

/** Is a cached result. */
export interface StoredEntry {
  readonly snapshot: ValueSnapshot;
  /** Lists the tags that the result depends on. */
  readonly tags: readonly string[];
  /** Is when the result was stored, in milliseconds since the epoch. */
  readonly storedAt: number;
  /** Is when the ttl is over. */
  readonly freshUntil: number;
  /** Is how long the load took, in milliseconds: what a hit saves. */
  readonly loadMs: number;
  /** Belongs to whoever uses the entry in this process, and is lost when the entry leaves it. */
  local: unknown;
}

/** Is a result on its way into the store. */
export interface EntryDraft {
  readonly snapshot: ValueSnapshot;
  readonly tags: readonly string[];
  /** Is the time the result is fresh, in milliseconds. */
  readonly ttlMs: number;
  /** Is the time past the ttl during which the entry is kept for `staleWhileRevalidate` and `staleIfError`. */
  readonly retainMs: number;
  readonly loadMs: number;
  readonly local: unknown;
}

/** Asks for an entry or the right to load it. */
export interface AcquireRequest {
  readonly address: EntryAddress;
  /** Lists the tags that are known before the load. */
  readonly tags: readonly string[];
  /** Says what a hit will hand out. */
  readonly isolation: Isolation;
  /** Asks for a lease although a valid entry may be there: its ttl is over, or nearly. */
  readonly refresh: boolean;
  /**
   * Wants an entry that is valid now, also where the namespace lets invalidations of others take effect late: what is
   * loaded from it would stay for as long as an entry of its own. Default: false.
   */
  readonly strict?: boolean | undefined;
}

/** Is the right to load, and the stamp that was taken when it was granted. */
export interface Lease {
  readonly id: string;
  readonly address: EntryAddress;
}

/** Says why there was no hit. */
export type MissReason = 'absent' | 'expired' | 'invalidated' | 'refresh';

/** Is the store's decision on a read. */
export type Acquisition =
  | { readonly kind: 'hit'; readonly entry: StoredEntry }
  | {
      readonly kind: 'lead';
      readonly lease: Lease;
      readonly reason: MissReason;
      readonly culprit?: string | undefined;
      /** Is a valid entry whose ttl is over, from a store that `peek` cannot find it in. */
      readonly expired?: StoredEntry | undefined;
    }
  | {
      readonly kind: 'follow';
      readonly leaseId: string;
      /** Is a valid entry whose ttl is over, from a store that `peek` cannot find it in. */
      readonly expired?: StoredEntry | undefined;
      /** Tells that nothing at all was invalidated since the load began, so that its result is as new as the caller. */
      readonly current: boolean;
      /** Resolves when the load is over, one way or another. */
      readonly settled: Promise<void>;
    }
  | { readonly kind: 'ended' };

/** Is what became of a value: stored, or refused because something newer stands in its way. */
export type CommitResult = 'stored' | 'invalidated' | 'replaced' | 'session-ended' | 'too-large';

/** Is what a call would find. */
export interface Inspection {
  readonly state: 'fresh' | 'expired' | 'invalidated' | 'absent' | 'loading' | 'ended';
  readonly entry?: StoredEntry | undefined;
  readonly culprit?: string | undefined;
}

/** Is a write in progress. */
export interface Barrier {
  readonly id: string;
  readonly tags: readonly string[];
  readonly session?: SessionHandle | undefined;
}

/** Measures the entries in this process. */
export interface EntryStats {
  readonly entries: number;
  readonly bytes: number;
  readonly evictions: number;
  readonly expirations: number;
}
