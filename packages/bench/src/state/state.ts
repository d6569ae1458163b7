import { memoryStore } from '@keepstep/core';
import { sqliteStore } from '@keepstep/core/sqlite';
import { valkeyStore } from '@keepstep/core/valkey';
import { startValkey, type ValkeyServer } from '@keepstep/test-servers';

import type { Pace } from '../measure/pace.ts';
import { describeEnvironment } from '../report/environment.ts';
import type { Report, Verdict } from '../report/report.ts';
import type { Table } from '../report/table.ts';
import { workOf } from '../shared-store/command-count.ts';
import { benchFile } from '../sqlite/bench-file.ts';
import { operationTables } from './operation-tables.ts';
import { pageTable, type PagedStore } from './page-table.ts';
import type { StateWorker } from './state-worker.ts';
import { memoryWorkers, sqliteWorkers, valkeyWorkers } from './state-workers.ts';

/** Measures what durable state costs on each store, beside bare statements and commands, and whether a page costs what is on it. */
export async function state(pace: Pace, onTable: (table: Table) => void): Promise<Report> {
  await using server = await startValkey();
  const environment = describeEnvironment(['@keepstep/core', 'better-sqlite3', 'iovalkey']);
  const tables: Table[] = [];
  const add = (table: Table): void => {
    tables.push(table);
    onTable(table);
  };
  const measure = async (name: string, workers: readonly StateWorker[]): Promise<void> => {
    try {
      await operationTables(name, workers, pace, add);
    } finally {
      for (const worker of workers) await worker[Symbol.asyncDispose]();
    }
  };
  await measure('memory', await memoryWorkers());
  await measure('SQLite', await sqliteWorkers());
  await measure('Valkey', await valkeyWorkers(server));

  const sizes = pace.name === 'full' ? [1_000, 100_000, 1_000_000] : [1_000, 20_000];
  const pages = async (paged: PagedStore): Promise<void> => {
    try {
      add(await pageTable(paged, sizes, pace));
    } finally {
      await paged.store.close();
    }
  };
  await pages({ name: 'memory', store: memoryStore() });
  using file = benchFile();
  await pages({ name: 'SQLite', store: sqliteStore({ path: file.path, durability: 'process' }) });
  await pages({
    name: 'Valkey',
    store: valkeyStore({ url: server.url, stateBudget: '30s' }),
    workOf: async (page) => (await workOf(server, page)).commands,
  });
  const listings = tables.filter(({ id }) => id.endsWith('-page'));
  return {
    bench: 'state',
    pace: pace.name,
    environment: { ...environment, packages: { ...environment.packages, 'valkey-server': await versionOf(server) } },
    tables,
    verdicts: listings.map((table) => besideSmall(table, sizes)),
  };
}

/** Says how a page of very many keys compares with a page of few. */
function besideSmall({ id, title, rows }: Table, sizes: readonly number[]): Verdict {
  const value = rows.at(-1)?.ratio as number;
  const [few, many] = [sizes[0], sizes.at(-1)].map((size) => size?.toLocaleString('en-US'));
  return {
    id,
    sentence: `${title}: a page among ${many} keys costs ${value.toFixed(2)} x one among ${few}`,
    value,
    target: '<= 3 x',
    met: value <= 3,
  };
}

function versionOf(server: ValkeyServer): Promise<string> {
  return server.info('valkey_version');
}
