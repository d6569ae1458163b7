import type { Clock } from '../../clock.ts';
import type { EntryAddress } from '../../store/entry-store.ts';
import type { EntryTable } from './entry-table.ts';
import type { NearCopies, NearCopy, NearCopyDraft } from './near-copies.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import type { TagTable } from './tag-table.ts';

/**
 * Serves copies of entries, and proves before each answer that the entry is still there and valid.
 *
 * The proof gets dearer only when more has happened: while nobody else has changed the file at all, its data version says
 * so; while nothing was invalidated, deleted or replaced, the count of changes says so; and else the row itself is asked,
 * without its value. So a copy is never older than what the file would answer, and other processes that only load and
 * store cost next to nothing.
 */
export class NearReader {
  readonly #copies: NearCopies;
  readonly #database: SqliteDatabase;
  readonly #tags: TagTable;
  readonly #entries: EntryTable;
  readonly #clock: Clock;
  #maxStalenessMs: number;
  #dataVersion: number | undefined;
  #changes = -1;
  #lookedAt = -Infinity;

  /** @param maxStalenessMs is how long a look at the file holds for changes of other processes; 0 looks every time */
  constructor(
    copies: NearCopies,
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

  /** Returns a copy whose entry is there and valid now; its ttl may be over. */
  find(address: EntryAddress, declared: readonly string[] = []): NearCopy | undefined {
    const copy = this.#copies.find(address);
    if (copy === undefined) {
      this.#database.assertOpen();
      return undefined;
    }
    const now = this.#clock.now();
    if (copy.expiresAt <= now || !this.#isValid(copy, now)) {
      this.#copies.drop(address.key);
      return undefined;
    }
    const { tags } = copy.entry;
    const isCovered = declared === tags || declared.every((tag) => tags.includes(tag));
    if (!isCovered && this.#tags.killer(copy.stamp, JSON.stringify(declared)) !== undefined) return undefined;
    copy.visited = true;
    copy.isUsed = true;
    return copy;
  }

  keep(address: EntryAddress, draft: NearCopyDraft): void {
    this.#copies.keep(address, draft);
  }

  #isValid(copy: NearCopy, now: number): boolean {
    this.#look(now);
    if (copy.validAt === this.#changes) return true;
    if (!this.#entries.holds(copy.id)) return false;
    // What changed between the two looks makes the count differ again at the next one.
    copy.validAt = this.#changes;
    return true;
  }

  #look(now: number): void {
    const elapsedMs = now - this.#lookedAt;
    const isRecent = elapsedMs >= 0 && elapsedMs < this.#maxStalenessMs;
    if (isRecent && this.#dataVersion !== undefined) return this.#database.assertOpen();
    const dataVersion = this.#database.dataVersion();
    if (dataVersion !== this.#dataVersion) this.#changes = this.#tags.changes();
    this.#dataVersion = dataVersion;
    this.#lookedAt = now;
  }
}
