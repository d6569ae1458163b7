import type { Clock } from '../../../clock.ts';
import type {
  AppendedEntries,
  LogBounds,
  LogCut,
  LogDraft,
  LogPage,
  LogReadRequest,
  LogStore,
} from '../../../store/log-store.ts';
import type { SqliteDatabase } from '../sqlite-database.ts';
import type { ChangeWatch } from './change-watch.ts';
import type { LogName, LogTable } from './log-table.ts';
import type { OperationTable } from './operation-table.ts';

/** Is what all logs of a namespace share. */
export interface LogParts {
  readonly database: SqliteDatabase;
  readonly clock: Clock;
  readonly watch: ChangeWatch;
  readonly operations: OperationTable;
  readonly logs: LogTable;
}

/** Is one log in a SQLite file. */
export class SqliteLog implements LogStore {
  readonly #parts: LogParts;
  readonly #name: LogName;

  constructor(parts: LogParts, name: LogName) {
    this.#parts = parts;
    this.#name = name;
  }

  append(operation: string, drafts: readonly LogDraft[], bounds: LogBounds): AppendedEntries {
    return this.#change('append', operation, (now) => this.#parts.logs.append(this.#name, drafts, bounds, now));
  }

  read(request: LogReadRequest): LogPage {
    const { database, logs, clock } = this.#parts;
    return database.snapshot(() => logs.read(this.#name, request, clock.now()));
  }

  wait(after: number, signal: AbortSignal): Promise<void> {
    const { watch, database, logs, clock } = this.#parts;
    return watch.until(signal, () => {
      const isAsBefore = database.read(() => logs.lastId(this.#name, clock.now())) === after;
      return isAsBefore ? Infinity : 0;
    });
  }

  trim(operation: string, cut: LogCut): number {
    return this.#change('trim', operation, (now) => this.#parts.logs.trim(this.#name, cut, now));
  }

  touch(ttlMs: number): void {
    const { database, logs, clock } = this.#parts;
    database.write('keeps', () => logs.touch(this.#name, ttlMs, clock.now()));
  }

  delete(operation: string): boolean {
    return this.#change('delete', operation, (now) => this.#parts.logs.remove(this.#name, now));
  }

  #change<Answer>(method: string, operation: string, run: (now: number) => Answer): Answer {
    const { kind, name } = this.#name;
    const answer = this.#parts.operations.once({ method: `${kind} ${method}`, name }, operation, run);
    this.#parts.watch.changed();
    return answer;
  }
}
