import type { Clock } from '../../clock.ts';
import type { NearCache, NearCopy } from '../../near-cache/near-cache.ts';
import type { EntryAddress, StoredEntry } from '../../store/entry-store.ts';
import type { EntryTable } from './entry-table.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import type { TagTable } from './tag-table.ts';

/** Is how many entries are remembered as used until the file is told. */
const MAX_USED = 10_000;
const NO_TAGS: readonly string[] = [];

/**
 * Serves copies of entries, and proves before each answer that the entry is still there and valid.
 *
 * The proof gets dearer only when more has happened: while nobody else has changed the file at all, its data version says
 * so; while nothing was invalidated, deleted or replaced, the count of changes says so; and else the row itself is asked,
 * without its value. So a copy is never older than what the file would answer, and other processes that only load and
 * store cost next to nothing. (A mirror of the tag clock would prove less: it does not know what was deleted or replaced.)
 */
export class NearReader {
  readonly #copies: NearCache;
  readonly #database: SqliteDatabase;
  readonly #tags: TagTable;
  readonly #entries: EntryTable;
  readonly #clock: Clock;
  readonly #used = new Set<string>();
  #maxStalenessMs: number;
  #dataVersion: number | undefined;
  #changes = -1;
  #lookedAt = -Infinity;

  /** @param maxStalenessMs is how long a look at the file holds for changes of other processes; 0 looks every time */
  constructor(
    copies: NearCache,
    database: SqliteDatabase,
    tags: TagTable,
    entries: EntryTable,
    clock: Clock,
    maxStalenessMs: number,
  ) {
    this.#copies = copies;
    this.#database = database;
    this.#tags = tags;
    this.#entries = entries;
    this.#clock = clock;
    this.#maxStalenessMs = maxStalenessMs;
  }

  /** Lets no copy be staler than this from now on. */
  tighten(maxStalenessMs: number): void {
    this.#maxStalenessMs = Math.min(this.#maxStalenessMs, maxStalenessMs);
  }

  /** Takes note that this connection has changed something itself, which the data version does not tell. */
  changed(): void {
    this.#dataVersion = undefined;
  }

  /**
   * Returns a copy whose entry is there and valid now; its ttl may be over.
   *
   * @param strict looks at the file although the last look was not long ago
   */
  find(
    { key, session }: EntryAddress,
    declared: readonly string[] = NO_TAGS,
    strict: boolean = false,
  ): StoredEntry | undefined {
    this.#database.assertOpen();
    const now = this.#clock.now();
    const copy = this.#copies.get(key, now);
    if (copy === undefined || copy.session?.opening !== session?.opening) return undefined;
    if (!this.#isValid(copy, now, strict)) {
      this.#copies.delete(key);
      return undefined;
    }
    const isCovered = declared === copy.tags || declared.every((tag) => copy.tags.includes(tag));
    if (!isCovered && !this.#entries.holds(copy.id, JSON.stringify(declared))) return undefined;
    if (this.#used.size < MAX_USED) this.#used.add(copy.id);
    return copy;
  }

  /**
   * Keeps a copy of a row.
   *
   * @param changes is the count of changes at which the row was valid
   */
  keep({ key, session }: EntryAddress, id: number, entry: StoredEntry, expiresAt: number, changes: number): void {
    const { snapshot, tags, storedAt, freshUntil, loadMs, local } = entry;
    const value = { snapshot, tags, watched: tags, home: undefined, storedAt, freshUntil, expiresAt, loadMs, local };
    this.#copies.set({ key, session, id: String(id), epoch: '', seq: changes, ...value });
  }

  /** Returns the rows that were used since it was last asked. */
  takeUsed(): number[] {
    const used = [...this.#used].map(Number);
    this.#used.clear();
    return used;
  }

  #isValid(copy: NearCopy, now: number, strict: boolean): boolean {
    this.#look(now, strict);
    if (copy.seq === this.#changes) return true;
    if (!this.#entries.holds(copy.id, '[]')) return false;
    // What changed between the two looks makes the count differ again at the next one.
    copy.seq = this.#changes;
    return true;
  }

  #look(now: number, strict: boolean): void {
    const elapsedMs = now - this.#lookedAt;
    const isRecent = elapsedMs >= 0 && elapsedMs < this.#maxStalenessMs;
    if (isRecent && !strict && this.#dataVersion !== undefined) return;
    const dataVersion = this.#database.dataVersion();
    if (dataVersion !== this.#dataVersion) this.#changes = this.#tags.changes();
    this.#dataVersion = dataVersion;
    this.#lookedAt = now;
  }
}
