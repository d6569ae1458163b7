import type { Clock } from '../../../clock.ts';
import type { DocumentStore } from '../../../store/document-store.ts';
import type { KeyPage, KeyPageRequest } from '../../../store/key-page.ts';
import type { LockStore } from '../../../store/lock-store.ts';
import type { LogStore } from '../../../store/log-store.ts';
import type { RunStore } from '../../../store/run-store.ts';
import type { StateStore } from '../../../store/state-store.ts';
import type { SqliteDatabase } from '../sqlite-database.ts';
import { ChangeWatch } from './change-watch.ts';
import { DocumentTable } from './document-table.ts';
import { LogTable } from './log-table.ts';
import { OperationTable } from './operation-table.ts';
import { RunTable } from './run-table.ts';
import { SpaceTable } from './space-table.ts';
import { SqliteDocuments, type DocumentParts } from './sqlite-documents.ts';
import { SqliteLocks } from './sqlite-locks.ts';
import { SqliteLog, type LogParts } from './sqlite-log.ts';
import { SqliteRuns } from './sqlite-runs.ts';

/** Holds the durable state of one namespace in a SQLite file. Every method is one statement, or one transaction. */
export class SqliteState implements StateStore {
  readonly locks: LockStore;
  readonly runs: RunStore;
  readonly #parts: DocumentParts & LogParts;

  constructor(database: SqliteDatabase, namespace: number, clock: Clock) {
    const watch = new ChangeWatch(database, clock);
    this.#parts = {
      database,
      clock,
      watch,
      operations: new OperationTable(database, namespace, clock),
      spaces: new SpaceTable(database, namespace),
      documents: new DocumentTable(database, namespace),
      logs: new LogTable(database, namespace),
    };
    this.locks = new SqliteLocks(database, namespace, clock, watch);
    this.runs = new SqliteRuns(this.#parts, new RunTable(database, namespace));
  }

  documents(space: string): DocumentStore {
    return new SqliteDocuments(this.#parts, space);
  }

  spaces(request: KeyPageRequest): KeyPage {
    const { database, spaces, clock } = this.#parts;
    return database.read(() => spaces.page(request, clock.now()));
  }

  log(name: string): LogStore {
    return new SqliteLog(this.#parts, { kind: 'log', name });
  }

  /** Lets those go who wait for something; the file is closed. */
  close(): void {
    this.#parts.watch.changed();
  }
}
