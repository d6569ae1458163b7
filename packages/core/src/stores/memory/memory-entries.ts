import type { Clock } from '../../clock.ts';
import { sessionConflict } from '../../errors.ts';
import { TagClock, type Stamp } from '../../freshness/tag-clock.ts';
import { nextId } from '../../id.ts';
import type {
  AcquireRequest,
  Acquisition,
  Barrier,
  CommitResult,
  EntryAddress,
  EntryDraft,
  EntryStats,
  EntryStore,
  Inspection,
  Lease,
  MissReason,
  SessionHandle,
  StoredEntry,
} from '../../store/entry-store.ts';
import type { Sieve } from '../../near-cache/sieve.ts';
import { isOf, MemoryEntry } from './memory-entry.ts';
import { MemoryLease } from './memory-lease.ts';

/** Holds the entries of one namespace in memory. Every step is synchronous, so every decision is one step. */
export class MemoryEntries implements EntryStore {
  readonly #entries = new Map<string, MemoryEntry>();
  /** Bounds this namespace together with the others of the store. */
  readonly #sieve: Sieve<MemoryEntry>;
  readonly #tagClock: TagClock;
  readonly #clock: Clock;
  readonly #onStored: () => void;
  readonly #leases = new Map<string, MemoryLease>();
  readonly #sessions = new Map<string, OpenSession>();
  #bytes = 0;
  #evictions = 0;
  #expirations = 0;

  constructor(sieve: Sieve<MemoryEntry>, maxTags: number, clock: Clock, onStored: () => void) {
    this.#sieve = sieve;
    this.#tagClock = new TagClock(maxTags, clock);
    this.#clock = clock;
    this.#onStored = onStored;
  }

  peek(address: EntryAddress, declared?: readonly string[]): StoredEntry | undefined {
    const entry = this.#at(address);
    if (entry === undefined || !this.#valid(entry)) return undefined;
    if (declared !== undefined && !this.#tagClock.valid(entry.stamp, declared)) return undefined;
    entry.visited = true;
    return entry;
  }

  acquire({ address, tags, refresh }: AcquireRequest): Acquisition {
    if (this.#ended(address.session)) return { kind: 'ended' };
    const found = this.#find(address, tags);
    if (found.state === 'fresh' && !refresh) return { kind: 'hit', entry: found.entry as StoredEntry };

    const running = this.#leases.get(address.key);
    if (running !== undefined && this.#tagClock.valid(running.stamp, tags)) {
      const current = this.#tagClock.untouchedSince(running.stamp);
      return { kind: 'follow', leaseId: running.id, current, settled: running.settled };
    }
    running?.settle();
    // The question is not "what is the answer" but "does a barrier whose time is over still stand in the way".
    this.#tagClock.valid(this.#tagClock.stamp(), tags);
    const lease = new MemoryLease(address, this.#tagClock.stamp());
    this.#leases.set(address.key, lease);
    const reason: MissReason = found.state === 'fresh' ? 'refresh' : found.state;
    return { kind: 'lead', lease, reason, culprit: found.culprit };
  }

  commit(lease: Lease, draft: EntryDraft): CommitResult {
    const { address, stamp } = lease as MemoryLease;
    const current = this.#leases.get(address.key) === lease;
    this.release(lease);
    if (this.#ended(address.session)) return 'session-ended';
    if (!this.#tagClock.valid(stamp, draft.tags)) return 'invalidated';
    if (!current) return 'replaced';
    return this.#store(address, draft, stamp) ? 'stored' : 'too-large';
  }

  release(lease: Lease): void {
    if (this.#leases.get(lease.address.key) === lease) this.#leases.delete(lease.address.key);
    (lease as MemoryLease).settle();
  }

  put(address: EntryAddress, draft: EntryDraft): void {
    this.#supersede(address.key);
    if (this.#ended(address.session)) return;
    if (!this.#store(address, draft, this.#tagClock.stamp())) this.#remove(address.key);
  }

  delete(address: EntryAddress): boolean {
    this.#supersede(address.key);
    const present = this.#find(address).state === 'fresh';
    this.#remove(address.key);
    return present;
  }

  inspect(address: EntryAddress, declared: readonly string[] = []): Inspection {
    if (this.#ended(address.session)) return { state: 'ended' };
    const found = this.#find(address, declared);
    const running = this.#leases.get(address.key);
    const isLoading = running !== undefined && this.#tagClock.valid(running.stamp, declared);
    return found.state !== 'fresh' && isLoading ? { ...found, state: 'loading' } : found;
  }

  invalidate(tags: readonly string[], session?: SessionHandle): void {
    if (this.#touch(tags, session)) this.#tagClock.invalidate(tags);
  }

  openBarrier({ id, tags, session }: Barrier, maxMs: number): void {
    if (this.#touch(tags, session)) this.#tagClock.open(tags, id, this.#clock.now() + maxMs);
  }

  closeBarrier({ id, tags, session }: Barrier): void {
    if (this.#touch(tags, session)) this.#tagClock.close(tags, id);
  }

  clear(): void {
    this.#tagClock.clear();
    for (const entry of this.#entries.values()) this.#delete(entry);
  }

  openSession(id: string, userId: string | undefined): SessionHandle {
    const open = this.#sessions.get(id);
    if (open === undefined) {
      const session: OpenSession = { id, opening: nextId(), userId, keys: new Set(), tags: new Set() };
      this.#sessions.set(id, session);
      return session;
    }
    if (open.userId !== userId) {
      throw sessionConflict(id);
    }
    return open;
  }

  endSession(handle: SessionHandle): void {
    const session = this.#sessions.get(handle.id);
    if (session === undefined || session.opening !== handle.opening) return;
    this.#sessions.delete(handle.id);
    for (const key of session.keys) this.#remove(key);
    for (const lease of this.#leases.values())
      if (lease.address.session?.opening === session.opening) this.release(lease);
    this.#tagClock.forget(session.tags);
  }

  stats(): EntryStats {
    return {
      entries: this.#entries.size,
      bytes: this.#bytes,
      evictions: this.#evictions,
      expirations: this.#expirations,
    };
  }

  /** Takes note that the table has let an entry go to stay within its bounds. */
  evicted(entry: MemoryEntry): void {
    this.#evictions += 1;
    this.#forget(entry);
  }

  /** Removes an entry whose time is over. */
  expire(entry: MemoryEntry): void {
    this.#expirations += 1;
    this.#delete(entry);
  }

  /** Returns the entry at an address, valid or not, and keeps it there if the address has a place for it. */
  #at(address: EntryAddress): MemoryEntry | undefined {
    const held = address.held as MemoryEntry | null | undefined;
    if (held?.owner === this) return held;
    const entry = this.#entries.get(address.key);
    if (entry === undefined || !isOf(entry, address.session)) return undefined;
    if (held === null) {
      // One place at a time, so that there is one to clear when the entry goes.
      if (entry.heldAt !== undefined) entry.heldAt.held = null;
      entry.heldAt = address;
      address.held = entry;
    }
    return entry;
  }

  #valid(entry: MemoryEntry): boolean {
    if (entry.validAt === this.#tagClock.version) return true;
    if (!this.#tagClock.valid(entry.stamp, entry.tags)) return false;
    entry.validAt = this.#tagClock.version;
    return true;
  }

  /** @param declared lists the tags of the asking call: the one that stored the entry may have known fewer */
  #find(
    address: EntryAddress,
    declared: readonly string[] = [],
  ): { state: 'fresh' | 'expired' | 'invalidated' | 'absent'; entry?: MemoryEntry; culprit?: string | undefined } {
    const entry = this.#at(address);
    if (entry === undefined) return { state: 'absent' };
    if (!this.#valid(entry) || !this.#tagClock.valid(entry.stamp, declared)) {
      return {
        state: 'invalidated',
        entry,
        culprit: this.#tagClock.culprit(entry.stamp, [...entry.tags, ...declared]),
      };
    }
    return { state: entry.freshUntil <= this.#clock.now() ? 'expired' : 'fresh', entry };
  }

  #store(address: EntryAddress, draft: EntryDraft, stamp: Stamp): boolean {
    const entry = new MemoryEntry(this, address, draft, stamp, this.#clock.now());
    if (!this.#sieve.admits(entry.bytes)) return false;
    const replaced = this.#entries.get(address.key);
    if (replaced !== undefined) {
      entry.visited = replaced.visited;
      this.#delete(replaced);
    }
    this.#sieve.add(entry);
    this.#entries.set(address.key, entry);
    this.#bytes += entry.bytes;
    if (address.session !== undefined) this.#sessions.get(address.session.id)?.keys.add(address.key);
    this.#onStored();
    return true;
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) this.#delete(entry);
  }

  #delete(entry: MemoryEntry): void {
    this.#sieve.remove(entry);
    this.#forget(entry);
  }

  #forget(entry: MemoryEntry): void {
    this.#entries.delete(entry.key);
    if (entry.heldAt !== undefined) entry.heldAt.held = null;
    this.#bytes -= entry.bytes;
    if (entry.session !== undefined) this.#sessions.get(entry.session.id)?.keys.delete(entry.key);
  }

  #supersede(key: string): void {
    const running = this.#leases.get(key);
    this.#leases.delete(key);
    running?.settle();
  }

  #ended(session: SessionHandle | undefined): boolean {
    return session !== undefined && this.#sessions.get(session.id)?.opening !== session.opening;
  }

  /** Takes note of tags that die with a session. A write may outlive the session it began in: it counts for the next one of that id. */
  #touch(tags: readonly string[], session: SessionHandle | undefined): boolean {
    if (session === undefined) return true;
    const open = this.#sessions.get(session.id);
    for (const tag of tags) open?.tags.add(tag);
    return open !== undefined;
  }
}

interface OpenSession extends SessionHandle {
  readonly userId: string | undefined;
  readonly keys: Set<string>;
  readonly tags: Set<string>;
}
