import { NearCache, nearTable } from '../../near-cache/near-cache.ts';
import type { EntrySettings, Store } from '../../store/store.ts';
import { currentBootId } from './boot-id.ts';
import { SqliteCheckpoints } from './checkpoints/sqlite-checkpoints.ts';
import { invalidateAfterPowerCut } from './power-cut.ts';
import { EntryTable } from './entry-table.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { LeaseTable } from './lease-table.ts';
import { LeaseWaiters } from './lease-waiters.ts';
import type { NamespaceParts, RemovalCounts } from './namespace-parts.ts';
import { NearReader } from './near-reader.ts';
import { openFile } from './open-file.ts';
import { SessionTable } from './session-table.ts';
import { SqliteDatabase } from './sqlite-database.ts';
import { SqliteEntries } from './sqlite-entries.ts';
import { resolveSqliteOptions, type SqliteSettings, type SqliteStoreOptions } from './sqlite-options.ts';
import { leasesSql } from './statements/leases.generated.ts';
import { namespacesSql } from './statements/namespaces.generated.ts';
import { SqliteState } from './state/sqlite-state.ts';
import { StateSweeper } from './state/state-sweeper.ts';
import { Sweeper } from './sweeper.ts';
import { TagTable } from './tag-table.ts';

/**
 * Creates a store in one SQLite file, which survives the process and may be shared by several processes of one machine.
 *
 * @throws InvalidOptionError for an option that is not allowed
 * @throws StoreError `store_unavailable`, `store_mismatch` or `store_corrupt` for a file that cannot be used
 */
export function sqliteStore(options: SqliteStoreOptions): Store {
  const settings = resolveSqliteOptions(options);
  const { path, busyMs, syncsInvalidations } = settings;
  const database = new SqliteDatabase(path, openFile(path, busyMs), syncsInvalidations);
  try {
    invalidateAfterPowerCut(database, syncsInvalidations, currentBootId());
    return storeOver(database, settings);
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Creates a store over a file that is open. */
export function storeOver(database: SqliteDatabase, settings: SqliteSettings): Store {
  const { clock, leaseMs, maxLoadMs, sessionIdleMs, sweepMs } = settings;
  const leases = database.prepare(leasesSql);
  const namespaces = database.prepare(namespacesSql);
  const table = nearTable(settings.maxCopies, settings.maxCopyBytes);
  const opened = new Map<number, OpenNamespace>();
  const states = new Map<number, SqliteState>();
  const checkpoints = new Map<number, SqliteCheckpoints>();
  const stateSweeper = new StateSweeper(database, clock);
  const openings = new Set<string>();
  const keeper = new LeaseKeeper(database, clock, leaseMs, maxLoadMs);
  const waiters = new LeaseWaiters(
    clock,
    (token) => leases.deadline.get({ token })?.['deadline'] as number | undefined,
  );
  const sweeper = new Sweeper(
    database,
    clock,
    {
      openings,
      takeUsed: () => [...opened.values()].flatMap(({ parts }) => parts.near.takeUsed()),
      noteExpirations: (expired) => note(expired, 'expirations'),
      noteChange: () => opened.forEach(({ parts }) => parts.near.changed()),
      removeExpiredState: () => stateSweeper.removeExpired(),
    },
    sweepMs,
    sessionIdleMs,
  );

  function note(removed: readonly number[], kind: keyof RemovalCounts): void {
    for (const namespace of removed) {
      const counts = opened.get(namespace)?.parts.counts;
      if (counts !== undefined) counts[kind] += 1;
    }
  }

  function open(namespace: number, maxStalenessMs: number): OpenNamespace {
    const tags = new TagTable(database, namespace, settings.maxTags);
    const entries = new EntryTable(database, namespace, settings.maxEntries, settings.maxBytes);
    const parts: NamespaceParts = {
      database,
      clock,
      tags,
      entries,
      leases: new LeaseTable(database, namespace),
      sessions: new SessionTable(database, namespace, sessionIdleMs),
      near: new NearReader(new NearCache(table), database, tags, entries, clock, maxStalenessMs),
      keeper,
      waiters,
      openings,
      counts: { evictions: 0, expirations: 0 },
      noteEvictions: (evicted) => note(evicted, 'evictions'),
    };
    return { parts, store: new SqliteEntries(parts) };
  }

  return {
    name: 'sqlite',
    shared: true,
    entries(namespace: string, { maxStalenessMs }: EntrySettings) {
      const id = numberOf(namespace);
      const known = opened.get(id);
      known?.parts.near.tighten(maxStalenessMs);
      const namespaceOpened = known ?? open(id, maxStalenessMs);
      opened.set(id, namespaceOpened);
      return namespaceOpened.store;
    },
    state(namespace: string) {
      const id = numberOf(namespace);
      const known = states.get(id) ?? new SqliteState(database, id, clock);
      states.set(id, known);
      return known;
    },
    checkpoints(namespace: string) {
      const id = numberOf(namespace);
      const known = checkpoints.get(id) ?? new SqliteCheckpoints(database, id, clock);
      checkpoints.set(id, known);
      return known;
    },
    async close() {
      keeper.stop();
      sweeper.stop();
      releaseAll();
      waiters.settleAll();
      database.close();
      for (const state of states.values()) state.close();
    },
  };

  /** Returns the number of a namespace, and adds it where it is new. */
  function numberOf(namespace: string): number {
    const name = JSON.stringify(namespace);
    const find = (): number | undefined => namespaces.find.get({ name })?.['id'] as number | undefined;
    return database.read(() => {
      if (find() === undefined) database.write('stores', () => namespaces.add.run({ name }));
      return find() as number;
    });
  }

  /** Lets others load at once what was under way here. */
  function releaseAll(): void {
    const { tokens } = keeper;
    if (tokens.length === 0) return;
    for (const token of tokens) keeper.letGo(token);
    try {
      database.write('stores', () => tokens.forEach((token) => leases.release.run({ token })));
    } catch {
      // They end by themselves.
    }
  }
}

interface OpenNamespace {
  readonly parts: NamespaceParts;
  readonly store: SqliteEntries;
}
