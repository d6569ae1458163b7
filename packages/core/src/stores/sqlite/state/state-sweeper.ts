import type { Clock } from '../../../clock.ts';
import type { SqliteDatabase } from '../sqlite-database.ts';
import { sweepSql } from './statements/sweep.generated.ts';

/** Is how many rows of a table one transaction deletes at most. */
const BATCH = 500;
/** Is how many runs go at once; each takes its steps along. */
const RUN_BATCH = 20;
/** Is how many threads of checkpoints go at once; each takes all that it holds along. */
const THREAD_BATCH = 5;
/** Is how long operations and the fences of keys that hold nothing are remembered. */
const OPERATION_MEMORY_MS = 120_000;
const FENCE_MEMORY_MS = 86_400_000;

/** Deletes durable state whose time is over, a little at a time. Until then it counts as gone already. */
export class StateSweeper {
  readonly #database: SqliteDatabase;
  readonly #clock: Clock;
  readonly #statements;

  constructor(database: SqliteDatabase, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
    this.#statements = database.prepare(sweepSql);
  }

  /** Deletes one batch of everything, and tells whether that was all. */
  removeExpired(): boolean {
    const { hasExpired, keepFences, documents, runs, locks, operations, keepUsed, fences } = this.#statements;
    const { keepThreadFences, threads, keepThreads, threadFences } = this.#statements;
    const now = this.#clock.now();
    const [forgotten, unfenced] = [now - OPERATION_MEMORY_MS, now - FENCE_MEMORY_MS];
    // Read first: looking needs no lock.
    if (hasExpired.get({ now, forgotten, unfenced })?.['found'] === 0) return true;
    this.#database.write('stores', () => {
      keepFences.run({ now, limit: BATCH });
      documents.run({ now, limit: BATCH });
      this.#removeLog(now);
      runs.run({ now, limit: RUN_BATCH });
      locks.run({ now });
      operations.run({ forgotten, limit: BATCH });
      keepUsed.run({ now, unfenced, limit: BATCH });
      fences.run({ unfenced, limit: BATCH });
      keepThreadFences.run({ now, limit: THREAD_BATCH });
      threads.run({ now, limit: THREAD_BATCH });
      keepThreads.run({ now, unfenced, limit: BATCH });
      threadFences.run({ unfenced, limit: BATCH });
    });
    return false;
  }

  #removeLog(now: number): void {
    const { log, entries, removeLog } = this.#statements;
    const id = log.get({ now })?.['id'] as number | undefined;
    if (id === undefined) return;
    if (entries.run({ log: id, limit: BATCH }).changes < BATCH) removeLog.run({ log: id });
  }
}
