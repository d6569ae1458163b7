import { restoreSnapshot, snapshotText } from '../../codec/snapshot-text.ts';
import type { Isolation } from '../../codec/value-snapshot.ts';
import type { EntryDraft, StoredEntry } from '../../store/entry-store.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import { entriesSql } from './statements/entries.generated.ts';
import { namespacesSql } from './statements/namespaces.generated.ts';
import type { SessionRow } from './tag-table.ts';

/** Is an entry as it stands in the file, and what the clock said of it at that moment. */
export interface EntryRow {
  readonly id: number;
  readonly session: SessionRow;
  readonly stamp: number;
  readonly tags: string;
  readonly value: string;
  readonly loadMs: number;
  readonly storedAt: number;
  readonly freshUntil: number;
  readonly expiresAt: number;
  readonly bytes: number;
  readonly isBelowFloor: 0 | 1;
  readonly culprit: string | null;
  /** Counts everything that could have ended its validity until then. */
  readonly changes: number;
}

/** Is a draft that has been written down, before a transaction is opened for it. */
export interface EntryText {
  readonly value: string;
  readonly tags: string;
  readonly bytes: number;
}

/** Is what a row takes beside its value and tags: its other columns, and its places in the indexes. */
const ROW_OVERHEAD_BYTES = 256;

/** Holds the entries of a namespace, within the bounds of the whole file. */
export class EntryTable {
  readonly #namespace: number;
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  readonly #entries;
  readonly #namespaces;

  constructor(database: SqliteDatabase, namespace: number, maxEntries: number, maxBytes: number) {
    this.#namespace = namespace;
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
    this.#entries = database.prepare(entriesSql);
    this.#namespaces = database.prepare(namespacesSql);
  }

  /**
   * Returns the row of a key, valid or not. What another opening of its session left behind is not its business.
   *
   * @param declared lists, as a JSON array, tags that must not have been invalidated either
   */
  find(key: string, session: SessionRow, declared: string): EntryRow | undefined {
    const row = this.#entries.find.get({ namespace: this.#namespace, key, declared }) as unknown as
      | EntryRow
      | undefined;
    return row?.session === session ? row : undefined;
  }

  /** Tells whether the row of this id is still there and valid, for a call that declares tags. */
  holds(id: string, declared: string): boolean {
    return this.#entries.holds.get({ id, declared }) !== undefined;
  }

  /** Tells whether an entry of this size could be kept at all. */
  admits(bytes: number): boolean {
    return this.#maxEntries > 0 && bytes <= this.#maxBytes;
  }

  /** Deletes the entry of a key, and tells whether there was one. */
  remove(key: string): boolean {
    return this.#entries.remove.get({ namespace: this.#namespace, key }) !== undefined;
  }

  /** Stores an entry where none is, and returns its id. */
  add(key: string, session: SessionRow, stamp: number, draft: EntryDraft, text: EntryText, storedAt: number): number {
    const freshUntil = storedAt + draft.ttlMs;
    const row = { key, session, stamp, storedAt, freshUntil, expiresAt: freshUntil + draft.retainMs, ...text };
    return this.#entries.add.get({ namespace: this.#namespace, loadMs: draft.loadMs, ...row })?.['id'] as number;
  }

  /** Lets go of what was used longest ago until the file is within its bounds, and returns the namespace of each entry. */
  evict(spared: number): number[] {
    const evicted: number[] = [];
    let { entries, bytes } = this.#measureAll();
    while (entries > this.#maxEntries || bytes > this.#maxBytes) {
      // One at a time where only size counts: the next one may be enough.
      const limit = Math.max(1, entries - this.#maxEntries);
      const gone = this.#entries.evict.all({ spared, limit }) as unknown as { namespace: number; bytes: number }[];
      if (gone.length === 0) break;
      for (const row of gone) {
        evicted.push(row.namespace);
        entries -= 1;
        bytes -= row.bytes;
      }
    }
    return evicted;
  }

  /** Deletes some of the entries that a clear has left below the floor; tells whether there may be more. */
  clearBatch(floor: number, limit: number): boolean {
    return this.#entries.clearBatch.run({ namespace: this.#namespace, floor, limit }).changes === limit;
  }

  measure(): { readonly entries: number; readonly bytes: number } {
    return this.#namespaces.measure.get({ namespace: this.#namespace }) as never;
  }

  #measureAll(): { entries: number; bytes: number } {
    return this.#namespaces.measureAll.get() as never;
  }
}

/** Tells what a row is worth now. */
export function stateOf(row: EntryRow | undefined, now: number): 'fresh' | 'expired' | 'invalidated' | 'absent' {
  if (row === undefined) return 'absent';
  if (row.isBelowFloor === 1 || row.culprit !== null) return 'invalidated';
  return row.freshUntil <= now ? 'expired' : 'fresh';
}

/**
 * Writes a draft down.
 *
 * @throws NotEncodableError for a shared value that is not plain data
 */
export function writeDown(draft: EntryDraft): EntryText {
  const value = snapshotText(draft.snapshot);
  const tags = JSON.stringify(draft.tags);
  return { value, tags, bytes: Buffer.byteLength(value) + Buffer.byteLength(tags) + ROW_OVERHEAD_BYTES };
}

/** Reads a row; undefined when it is damaged, which is as good as no row. */
export function readEntry(row: EntryRow, isolation: Isolation): StoredEntry | undefined {
  try {
    const { storedAt, freshUntil, loadMs } = row;
    const tags = JSON.parse(row.tags) as string[];
    return { snapshot: restoreSnapshot(row.value, isolation), tags, storedAt, freshUntil, loadMs, local: undefined };
  } catch {
    return undefined;
  }
}
