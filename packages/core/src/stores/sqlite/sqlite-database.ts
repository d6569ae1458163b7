import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { closedStore, failedOperation } from './sqlite-errors.ts';

/**
 * Says what the loss of a transaction in a power cut would do: make something stale true again, take back durable state that
 * was acknowledged, or cost no more than a load.
 */
export type Effect = 'invalidates' | 'keeps' | 'stores';

/** Is one connection to a file, with its transactions. Everything here is synchronous: a decision is one step. */
export class SqliteDatabase {
  readonly path: string;
  readonly #connection: DatabaseSync;
  readonly #begin: StatementSync;
  readonly #beginReading: StatementSync;
  readonly #commit: StatementSync;
  readonly #rollback: StatementSync;
  readonly #dataVersion: StatementSync;
  readonly #syncs: boolean;
  #synchronous: 'NORMAL' | 'FULL' = 'NORMAL';
  #isClosed = false;

  /** @param syncs says that what must not be lost is on the disk before it is acknowledged */
  constructor(path: string, connection: DatabaseSync, syncs: boolean) {
    this.path = path;
    this.#connection = connection;
    this.#syncs = syncs;
    connection.exec('PRAGMA synchronous = NORMAL');
    this.#begin = connection.prepare('BEGIN IMMEDIATE');
    this.#beginReading = connection.prepare('BEGIN');
    this.#commit = connection.prepare('COMMIT');
    this.#rollback = connection.prepare('ROLLBACK');
    this.#dataVersion = connection.prepare('PRAGMA data_version');
  }

  /** Prepares the statements of one file, once. */
  prepare<Sql extends Readonly<Record<string, string>>>(sql: Sql): Readonly<Record<keyof Sql, StatementSync>> {
    const prepared = Object.entries(sql).map(([name, text]) => [name, this.#connection.prepare(text)]);
    return Object.fromEntries(prepared) as Record<keyof Sql, StatementSync>;
  }

  /** Returns a number that changes when another connection has changed the file. */
  dataVersion(): number {
    this.assertOpen();
    return (this.#dataVersion.get() as { readonly data_version: number }).data_version;
  }

  /**
   * Runs a transaction that nobody else can come in between.
   *
   * Only what invalidates and durable state wait for the disk. The log is written in order, so that a power cut takes back the last
   * transactions and no others: results and leases, the loss of which costs a load, but nothing that was acknowledged as
   * invalid, for its sync has brought everything before it to the disk as well.
   */
  write<Result>(effect: Effect, body: () => Result): Result {
    return this.read(() => {
      this.#setSynchronous(effect !== 'stores' && this.#syncs ? 'FULL' : 'NORMAL');
      return this.#transaction(this.#begin, body);
    });
  }

  /** Runs statements that change nothing, and see the file as it is at one moment. */
  snapshot<Result>(body: () => Result): Result {
    return this.read(() => this.#transaction(this.#beginReading, body));
  }

  /** Runs statements that change nothing, each for itself; what SQLite throws comes out as a `StoreError`. */
  read<Result>(body: () => Result): Result {
    this.assertOpen();
    try {
      return body();
    } catch (error) {
      throw failedOperation(this.path, error);
    }
  }

  /** @throws StoreError when the store is closed */
  assertOpen(): void {
    if (this.#isClosed) throw closedStore(this.path);
  }

  /** Closes the connection; may be called twice. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#connection.close();
  }

  #setSynchronous(level: 'NORMAL' | 'FULL'): void {
    if (level === this.#synchronous) return;
    this.#connection.exec(`PRAGMA synchronous = ${level}`);
    this.#synchronous = level;
  }

  #transaction<Result>(begin: StatementSync, body: () => Result): Result {
    begin.run();
    try {
      const result = body();
      this.#commit.run();
      return result;
    } catch (error) {
      this.#undo();
      throw error;
    }
  }

  #undo(): void {
    try {
      this.#rollback.run();
    } catch {
      // SQLite has rolled back by itself, as it does when the disk is full.
    }
  }
}
