import type { Clock } from '../../clock.ts';
import type { EntryTable } from './entry-table.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import type { LeaseTable } from './lease-table.ts';
import type { LeaseWaiters } from './lease-waiters.ts';
import type { NearReader } from './near-reader.ts';
import type { SessionTable } from './session-table.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import type { TagTable } from './tag-table.ts';

/** Holds the parts that the entries of one namespace are made of. */
export interface NamespaceParts {
  readonly database: SqliteDatabase;
  readonly clock: Clock;
  readonly tags: TagTable;
  readonly entries: EntryTable;
  readonly leases: LeaseTable;
  readonly sessions: SessionTable;
  readonly near: NearReader;
  /** Belongs to the whole store. */
  readonly keeper: LeaseKeeper;
  /** Belongs to the whole store. */
  readonly waiters: LeaseWaiters;
  /** Holds the sessions that this process has open, of all namespaces. */
  readonly openings: Set<string>;
  readonly counts: RemovalCounts;
  /** Counts entries that had to go, each for its namespace. */
  noteEvictions(namespaces: readonly number[]): void;
}

/** Counts the entries that this process has removed. */
export interface RemovalCounts {
  evictions: number;
  expirations: number;
}
