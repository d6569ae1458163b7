import { wireBytes } from '../../../codec/wire-text.ts';
import type {
  AppendedEntries,
  LogBounds,
  LogCut,
  LogDraft,
  LogEntry,
  LogPage,
  LogReadRequest,
} from '../../../store/log-store.ts';
import type { SqliteDatabase } from '../sqlite-database.ts';
import { textOf } from './key-bounds.ts';
import { logsSql } from './statements/logs.generated.ts';

/** Names a log within a namespace; the kind keeps those of runs apart from the others. */
export interface LogName {
  readonly kind: 'log' | 'run';
  readonly name: string;
}

/** Holds the logs of one namespace. What changes something is to be called within a transaction. */
export class LogTable {
  readonly #namespace: number;
  readonly #statements;

  constructor(database: SqliteDatabase, namespace: number) {
    this.#namespace = namespace;
    this.#statements = database.prepare(logsSql);
  }

  append(name: LogName, drafts: readonly LogDraft[], bounds: LogBounds, now: number): AppendedEntries {
    const { addEntry, advance, expire } = this.#statements;
    const log = this.#open(name, now);
    const at = Math.max(now, log.lastAt);
    const firstId = log.lastId + 1;
    let { lastId } = log;
    for (const { type, text } of drafts) {
      lastId += 1;
      addEntry.run({ log: log.id, id: lastId, at, type: wireBytes(type), text: wireBytes(text) });
    }
    advance.run({ log: log.id, lastId, lastAt: drafts.length > 0 ? at : log.lastAt });
    this.#cut({ ...log, lastId }, bounds, now);
    expire.run({ log: log.id, expiresAt: bounds.ttlMs === undefined ? null : now + bounds.ttlMs });
    return { firstId, lastId };
  }

  /** Returns entries, and how far the log reaches; both are true of one moment within a snapshot. */
  read(name: LogName, { after = 0, before, limit, reverse = false }: LogReadRequest, now: number): LogPage {
    const log = this.#find(name, now);
    if (log === undefined) return { entries: [], firstId: 1, lastId: 0 };
    const { firstId, lastId } = log;
    const range = {
      log: log.id,
      after,
      before: Math.min(before ?? Infinity, lastId + 1),
      limit: Math.min(limit, lastId),
    };
    const statement = reverse ? this.#statements.readBack : this.#statements.read;
    const rows = limit === 0 ? [] : (statement.all(range) as unknown as readonly EntryRow[]);
    return { entries: rows.map(readEntry), firstId, lastId };
  }

  /** Returns the id that was given last; 0 for a log that is not there. */
  lastId(name: LogName, now: number): number {
    return this.#find(name, now)?.lastId ?? 0;
  }

  /** Removes entries from the front, and returns how many. */
  trim(name: LogName, cut: LogCut, now: number): number {
    const log = this.#find(name, now);
    return log === undefined ? 0 : this.#cut(log, cut, now);
  }

  /** Gives a log a new expiry, if it is there. */
  touch({ kind, name }: LogName, ttlMs: number, now: number): void {
    const where = { namespace: this.#namespace, kind, name: wireBytes(name) };
    this.#statements.touch.run({ ...where, expiresAt: now + ttlMs, now });
  }

  /** Removes a log, and tells whether it was there. */
  remove(name: LogName, now: number): boolean {
    const log = this.#row(name, now);
    if (log !== undefined) this.#statements.remove.run({ log: log.id });
    return log?.isOver === 0;
  }

  #open(name: LogName, now: number): Omit<LogRow, 'isOver'> {
    const row = this.#row(name, now);
    if (row?.isOver === 0) return row;
    // It begins anew.
    if (row !== undefined) this.#statements.remove.run({ log: row.id });
    const where = { namespace: this.#namespace, kind: name.kind, name: wireBytes(name.name) };
    const id = this.#statements.add.get(where)?.['id'] as number;
    return { id, firstId: 1, lastId: 0, lastAt: 0 };
  }

  #cut(log: Omit<LogRow, 'isOver'>, { maxLength = Infinity, maxAgeMs = Infinity }: LogCut, now: number): number {
    const { id, firstId, lastId } = log;
    let first = Math.max(firstId, lastId - maxLength + 1);
    if (maxAgeMs < Infinity) {
      const young = this.#statements.since.get({ log: id, time: now - maxAgeMs })?.['id'] as number | undefined;
      first = Math.max(first, young ?? lastId + 1);
    }
    if (first === firstId) return 0;
    this.#statements.cut.run({ log: id, firstId: first });
    this.#statements.begin.run({ log: id, firstId: first });
    return first - firstId;
  }

  #find(name: LogName, now: number): LogRow | undefined {
    const row = this.#row(name, now);
    return row?.isOver === 0 ? row : undefined;
  }

  #row({ kind, name }: LogName, now: number): LogRow | undefined {
    const where = { namespace: this.#namespace, kind, name: wireBytes(name), now };
    return this.#statements.find.get(where) as LogRow | undefined;
  }
}

interface LogRow {
  readonly id: number;
  readonly firstId: number;
  readonly lastId: number;
  readonly lastAt: number;
  readonly isOver: 0 | 1;
}

interface EntryRow {
  readonly id: number;
  readonly at: number;
  readonly type: Uint8Array;
  readonly text: Uint8Array;
}

function readEntry({ id, at, type, text }: EntryRow): LogEntry {
  return { id, at, type: textOf(type), text: textOf(text) };
}
