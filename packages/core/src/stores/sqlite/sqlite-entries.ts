import type { Clock } from '../../clock.ts';
import { hashKey } from '../../codec/key-hash.ts';
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
  SessionHandle,
  StoredEntry,
} from '../../store/entry-store.ts';
import { Acquirer, type SqliteLease } from './acquirer.ts';
import { readEntry, stateOf, writeDown, type EntryText } from './entry-table.ts';
import type { NamespaceParts } from './namespace-parts.ts';
import type { SessionRow } from './tag-table.ts';

/** Is the text of no tags. */
const NO_TAGS = '[]';
/** Is how many entries a clear deletes before it lets others work. */
const CLEAR_BATCH = 500;

/**
 * Holds the entries of one namespace in a file. Every decision is one statement, which sees one moment, or one transaction,
 * which nobody can come in between.
 */
export class SqliteEntries implements EntryStore {
  readonly #parts: NamespaceParts;
  readonly #acquirer: Acquirer;
  readonly #clock: Clock;

  constructor(parts: NamespaceParts) {
    this.#parts = parts;
    this.#acquirer = new Acquirer(parts);
    this.#clock = parts.clock;
  }

  peek(address: EntryAddress, declared?: readonly string[]): StoredEntry | undefined {
    return this.#parts.near.find(address, declared);
  }

  acquire(request: AcquireRequest): Acquisition {
    return this.#acquirer.acquire(request);
  }

  commit(lease: Lease, draft: EntryDraft): CommitResult {
    const { database, entries, near } = this.#parts;
    const { address, key, stamp } = lease as SqliteLease;
    const text = writeDown(draft);
    if (!entries.admits(text.bytes)) {
      this.release(lease);
      return 'too-large';
    }
    const stored = database.write('stores', (): CommitResult | StoredRow => {
      const isCurrent = this.#parts.leases.release(lease.id);
      const session = this.#parts.sessions.rowOf(address.session);
      if (session === undefined) return 'session-ended';
      const now = this.#clock.now();
      if (this.#parts.tags.killer(stamp, text.tags) !== undefined) {
        this.#parts.tags.expireBarriers(now);
        return 'invalidated';
      }
      return isCurrent ? this.#store(key, session, stamp, draft, text, now) : 'replaced';
    });
    this.#over(lease.id);
    // An expired barrier counts as an invalidation, and this connection does not see its own changes by itself.
    near.changed();
    if (typeof stored === 'string') return stored;
    this.#keep(address, draft, stored);
    return 'stored';
  }

  release(lease: Lease): void {
    this.#over(lease.id);
    this.#parts.database.write('stores', () => this.#parts.leases.release(lease.id));
  }

  put(address: EntryAddress, draft: EntryDraft): void {
    const { entries, tags, sessions } = this.#parts;
    const key = hashKey(address.key);
    const text = writeDown(draft);
    const stored = this.#change((now) => {
      this.#supersede(key);
      const session = sessions.rowOf(address.session);
      if (session === undefined) return undefined;
      const stamp = tags.stamp(now);
      // Behind a barrier, the value would be invalid from the start.
      const isKept = entries.admits(text.bytes) && tags.killer(stamp, text.tags) === undefined;
      if (isKept) return this.#store(key, session, stamp, draft, text, now);
      entries.remove(key);
      tags.change();
      return undefined;
    });
    if (stored !== undefined) this.#keep(address, draft, stored);
  }

  delete(address: EntryAddress): boolean {
    const key = hashKey(address.key);
    return this.#change((now) => {
      this.#supersede(key);
      const session = this.#parts.sessions.rowOf(address.session);
      const isFresh =
        session !== undefined && stateOf(this.#parts.entries.find(key, session, NO_TAGS), now) === 'fresh';
      this.#parts.entries.remove(key);
      this.#parts.tags.change();
      return isFresh;
    });
  }

  inspect(address: EntryAddress, declared: readonly string[] = []): Inspection {
    return this.#parts.database.read(() => this.#inspect(address, declared));
  }

  invalidate(tags: readonly string[], session?: SessionHandle): void {
    this.#change((now) => {
      const row = this.#parts.sessions.rowNow(session);
      if (row !== undefined) this.#parts.tags.invalidate(JSON.stringify(tags), row, now);
    });
  }

  openBarrier({ id, tags, session }: Barrier, maxMs: number): void {
    this.#change((now) => {
      const row = this.#parts.sessions.rowNow(session);
      if (row !== undefined) this.#parts.tags.open(JSON.stringify(tags), row, id, now + maxMs, now);
    });
  }

  closeBarrier({ id, tags, session }: Barrier): void {
    this.#change((now) => {
      const row = this.#parts.sessions.rowNow(session);
      if (row !== undefined) this.#parts.tags.close(JSON.stringify(tags), row, id, now);
    });
  }

  async clear(): Promise<void> {
    const { database, entries, tags } = this.#parts;
    const floor = this.#change(() => tags.clear());
    // Everything is invalid by now. What is left to do takes long where there is much, and so is done in pieces.
    while (database.write('stores', () => entries.clearBatch(floor, CLEAR_BATCH))) {
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  openSession(id: string, userId: string | undefined): SessionHandle {
    const { database, sessions, openings } = this.#parts;
    const handle = database.write('stores', () => sessions.open(id, userId, this.#clock.now()));
    openings.add(handle.opening);
    return handle;
  }

  endSession({ opening }: SessionHandle): void {
    this.#parts.openings.delete(opening);
    this.#change(() => {
      if (this.#parts.sessions.end(opening)) this.#parts.tags.change();
    });
  }

  stats(): EntryStats {
    const { counts } = this.#parts;
    try {
      const { entries, bytes } = this.#parts.entries.measure();
      return { entries, bytes, ...counts };
    } catch {
      return { entries: 0, bytes: 0, ...counts }; // closed, or out of reach
    }
  }

  #inspect(address: EntryAddress, declared: readonly string[]): Inspection {
    const { entries, leases, sessions } = this.#parts;
    const session = sessions.rowOf(address.session);
    if (session === undefined) return { state: 'ended' };
    const key = hashKey(address.key);
    const tags = JSON.stringify(declared);
    const now = this.#clock.now();
    const row = entries.find(key, session, tags);
    const entry = row === undefined ? undefined : readEntry(row, 'copy');
    const state = entry === undefined ? 'absent' : stateOf(row, now);
    const isLoading = state !== 'fresh' && leases.running(key, session, tags, now) !== undefined;
    return { state: isLoading ? 'loading' : state, entry, culprit: row?.culprit ?? undefined };
  }

  #store(
    key: string,
    session: SessionRow,
    stamp: number,
    draft: EntryDraft,
    text: EntryText,
    storedAt: number,
  ): StoredRow {
    const { entries, tags } = this.#parts;
    // Copies of the row that is replaced have to be noticed.
    const changes = entries.remove(key) ? tags.change() : tags.changes();
    const id = entries.add(key, session, stamp, draft, text, storedAt);
    this.#parts.noteEvictions(entries.evict(id));
    return { id, storedAt, changes };
  }

  #keep(address: EntryAddress, draft: EntryDraft, { id, storedAt, changes }: StoredRow): void {
    const { snapshot, tags, loadMs, local, ttlMs, retainMs } = draft;
    const freshUntil = storedAt + ttlMs;
    const entry: StoredEntry = { snapshot, tags, storedAt, freshUntil, loadMs, local };
    this.#parts.near.keep(address, id, entry, freshUntil + retainMs, changes);
  }

  /** Ends a load of a key that is under way; whoever waits for it asks again. */
  #supersede(key: string): void {
    const token = this.#parts.leases.revoke(key);
    if (token !== undefined) this.#over(token);
  }

  #over(token: string): void {
    this.#parts.keeper.letGo(token);
    this.#parts.waiters.settle(token);
  }

  /** Runs a transaction that invalidates, deletes or replaces: it is on the disk when this returns, as far as was asked for. */
  #change<Result>(body: (now: number) => Result): Result {
    try {
      return this.#parts.database.write('invalidates', () => body(this.#clock.now()));
    } finally {
      this.#parts.near.changed();
    }
  }
}

/** Is what a transaction tells of the row that it has stored. */
interface StoredRow {
  readonly id: number;
  readonly storedAt: number;
  readonly changes: number;
}
