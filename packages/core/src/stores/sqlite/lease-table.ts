import type { SqliteDatabase } from './sqlite-database.ts';
import { leasesSql } from './statements/leases.generated.ts';
import type { SessionRow } from './tag-table.ts';

/** Is a lease as it stands in the file, and what the clock said of it at that moment. */
export interface LeaseRow {
  readonly token: string;
  readonly session: SessionRow;
  readonly stamp: number;
  readonly deadline: number;
  readonly isBelowFloor: 0 | 1;
  readonly culprit: string | null;
  readonly isCurrent: 0 | 1;
}

/** Holds the leases of a namespace: at most one a key. */
export class LeaseTable {
  readonly #namespace: number;
  readonly #leases;

  constructor(database: SqliteDatabase, namespace: number) {
    this.#namespace = namespace;
    this.#leases = database.prepare(leasesSql);
  }

  /** Returns the lease of a key if its load may be followed: it has not ended, and nothing declared was invalidated since. */
  running(key: string, session: SessionRow, declared: string, now: number): LeaseRow | undefined {
    const found = this.#leases.find.get({ namespace: this.#namespace, key, declared }) as unknown as
      | LeaseRow
      | undefined;
    if (found === undefined || found.session !== session || found.deadline <= now) return undefined;
    return found.isBelowFloor === 1 || found.culprit !== null ? undefined : found;
  }

  /** Grants a lease; one that stood before is over. */
  grant(key: string, token: string, stamp: number, session: SessionRow, deadline: number): void {
    this.#leases.grant.run({ namespace: this.#namespace, key, token, stamp, session, deadline });
  }

  /** Takes a lease back, and tells whether it still stood. */
  release(token: string): boolean {
    return this.#leases.release.get({ token }) !== undefined;
  }

  /** Takes back whatever lease a key has, and returns its token. */
  revoke(key: string): string | undefined {
    return this.#leases.revoke.get({ namespace: this.#namespace, key })?.['token'] as string | undefined;
  }
}
