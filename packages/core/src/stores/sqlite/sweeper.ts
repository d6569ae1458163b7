import type { Clock } from '../../clock.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import { entriesSql } from './statements/entries.generated.ts';
import { leasesSql } from './statements/leases.generated.ts';
import { namespacesSql } from './statements/namespaces.generated.ts';
import { sessionsSql } from './statements/sessions.generated.ts';

/** Is how many rows one transaction deletes at most: some milliseconds, during which others wait. */
const BATCH = 500;

/** Is what the sweeper needs to know of the process. */
export interface SweptProcess {
  /** Lists the sessions that the process has open. */
  readonly openings: Iterable<string>;
  /** Returns the entries that were read here since it was last asked. */
  takeUsed(): number[];
  /** Is told the namespace of each entry that was removed because its time was over. */
  noteExpirations(namespaces: readonly number[]): void;
  /** Is told that sessions were ended. */
  noteChange(): void;
  /** Deletes some durable state whose time is over, and tells whether that was all. */
  removeExpiredState(): boolean;
}

/**
 * Tidies up, now and then and a little at a time: deletes what has expired, ends what crashed processes have left open, and
 * tells the file what this process uses.
 */
export class Sweeper {
  readonly #database: SqliteDatabase;
  readonly #clock: Clock;
  readonly #process: SweptProcess;
  readonly #intervalMs: number;
  readonly #idleMs: number;
  readonly #entries;
  readonly #leases;
  readonly #sessions;
  readonly #change;
  #cancel: () => void;

  constructor(database: SqliteDatabase, clock: Clock, swept: SweptProcess, intervalMs: number, idleMs: number) {
    this.#database = database;
    this.#clock = clock;
    this.#process = swept;
    // Sessions that are open here have to be told so well before they would be idle.
    this.#intervalMs = Math.min(intervalMs, idleMs / 4);
    this.#idleMs = idleMs;
    this.#entries = database.prepare(entriesSql);
    this.#leases = database.prepare(leasesSql);
    this.#sessions = database.prepare(sessionsSql);
    this.#change = database.prepare({ change: namespacesSql.change }).change;
    this.#cancel = clock.after(this.#intervalMs, () => this.#sweep());
  }

  stop(): void {
    this.#cancel();
  }

  #sweep(): void {
    let isDone = true;
    try {
      this.#tellUse();
      this.#endIdleSessions();
      const isStateDone = this.#process.removeExpiredState();
      isDone = this.#removeExpired() && isStateDone;
    } catch {
      // Nobody waits for this, and the next turn tries again.
    }
    this.#cancel = this.#clock.after(isDone ? this.#intervalMs : 1, () => this.#sweep());
  }

  #tellUse(): void {
    const now = this.#clock.now();
    const openings = [...this.#process.openings];
    const used = this.#process.takeUsed();
    if (openings.length === 0 && used.length === 0) return;
    this.#database.write('stores', () => {
      this.#sessions.noteUse.run({ now, openings: JSON.stringify(openings) });
      this.#entries.noteUse.run({ now, ids: JSON.stringify(used) });
    });
  }

  #endIdleSessions(): void {
    const before = this.#clock.now() - this.#idleMs;
    while (this.#sessions.idle.get({ before }) !== undefined) {
      this.#database.write('invalidates', () => {
        // Asked again within the transaction: its process may just have woken up.
        const idle = this.#sessions.idle.get({ before });
        if (idle === undefined) return;
        this.#sessions.end.run({ namespace: idle['namespace'] as number, opening: idle['opening'] as string });
        this.#change.get({ namespace: idle['namespace'] as number });
      });
      this.#process.noteChange();
    }
  }

  /** Deletes one batch, and tells whether that was all. */
  #removeExpired(): boolean {
    const now = this.#clock.now();
    // Read first: looking needs no lock.
    if (this.#leases.hasExpired.get({ before: now })?.['found'] === 1) {
      this.#database.write('stores', () => this.#leases.sweep.run({ before: now }));
    }
    if (this.#entries.hasExpired.get({ now })?.['found'] === 0) return true;
    const swept = this.#database.write('stores', () => this.#entries.sweep.all({ now, limit: BATCH }));
    this.#process.noteExpirations(swept.map(({ namespace }) => namespace as number));
    return swept.length < BATCH;
  }
}
