import type { Clock } from '../../clock.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import { leasesSql } from './statements/leases.generated.ts';

/**
 * Keeps the leases of loads that run here from ending by themselves: a lease is short, so that a process that dies holds
 * nobody up for long, and a load may be long.
 */
export class LeaseKeeper {
  readonly #database: SqliteDatabase;
  readonly #clock: Clock;
  readonly #leaseMs: number;
  readonly #maxLoadMs: number;
  readonly #leases;
  readonly #grantedAt = new Map<string, number>();
  #cancel: (() => void) | undefined;

  constructor(database: SqliteDatabase, clock: Clock, leaseMs: number, maxLoadMs: number) {
    this.#database = database;
    this.#clock = clock;
    this.#leaseMs = Math.min(leaseMs, maxLoadMs);
    this.#maxLoadMs = maxLoadMs;
    this.#leases = database.prepare(leasesSql);
  }

  /** Lists the leases that are held here. */
  get tokens(): string[] {
    return [...this.#grantedAt.keys()];
  }

  /** Returns when a lease that is granted now ends, unless it is renewed. */
  deadline(now: number): number {
    return now + this.#leaseMs;
  }

  /** Renews a lease from now on, until it is let go or has lasted as long as any load may. */
  hold(token: string, now: number): void {
    this.#grantedAt.set(token, now);
    this.#cancel ??= this.#clock.after(this.#leaseMs / 3, () => this.#renew());
  }

  letGo(token: string): void {
    this.#grantedAt.delete(token);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #renew(): void {
    const now = this.#clock.now();
    const deadline = now + this.#leaseMs;
    const due = [...this.#grantedAt].filter(([, grantedAt]) => deadline <= grantedAt + this.#maxLoadMs);
    if (due.length > 0) this.#write(JSON.stringify(due.map(([token]) => token)), deadline);
    this.#cancel = this.#grantedAt.size > 0 ? this.#clock.after(this.#leaseMs / 3, () => this.#renew()) : undefined;
  }

  #write(tokens: string, deadline: number): void {
    try {
      this.#database.write('stores', () => this.#leases.renew.run({ tokens, deadline }));
    } catch {
      // The next turn comes before the lease ends. A lease that does end costs a load, and nothing else.
    }
  }
}
