import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';

import { migrate, versionOf } from '../../src/stores/sqlite/migrate.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { startChild } from './child.ts';

const FIRST = `CREATE TABLE cart (id INTEGER PRIMARY KEY, item TEXT); INSERT INTO cart VALUES (1, 'apple')`;
const SECOND = `UPDATE cart SET item = 'pear'`;
/** Writes without end. */
const ENDLESS = `
  CREATE TABLE filler (text TEXT);
  WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number)
  INSERT INTO filler SELECT hex(zeroblob(500)) FROM number;
`;
const MEGABYTE = 2 ** 20;

let path: string;

beforeEach(() => {
  path = join(scratchFolder(), 'agent.db');
});

/** Lets another process change the layout, and kills it when much of that has been written. */
async function crashWhileMigrating(migrations: readonly string[]): Promise<void> {
  const child = await startChild('./migrating-process.ts', { path, migrations });
  const migrating = child.ask({ do: 'migrate' }).catch((error: Error) => error.message);
  const written = (): number =>
    ['', '-wal'].reduce((sum, ending) => sum + (statSync(path + ending, { throwIfNoEntry: false })?.size ?? 0), 0);
  while (written() < MEGABYTE) await new Promise((resolve) => setTimeout(resolve, 5));
  await child.kill();
  expect(await migrating).toBe('The process is gone.');
}

function withConnection<Result>(use: (connection: DatabaseSync) => Result): Result {
  const connection = new DatabaseSync(path);
  try {
    return use(connection);
  } finally {
    connection.close();
  }
}

describe('a process that is killed in the middle of a migration', () => {
  it.each(['DELETE', 'WAL'])('leaves the file at its old layout, for the next one to migrate (%s)', async (mode) => {
    withConnection((connection) => {
      migrate(connection, path, [FIRST]);
      connection.exec(`PRAGMA journal_mode = ${mode}`);
    });
    await crashWhileMigrating([FIRST, SECOND, ENDLESS]);
    withConnection((connection) => {
      expect(versionOf(connection)).toBe(1);
      expect({ ...connection.prepare('SELECT * FROM cart').get() }).toEqual({ id: 1, item: 'apple' });
      migrate(connection, path, [FIRST, SECOND]);
      expect(versionOf(connection)).toBe(2);
      expect({ ...connection.prepare('SELECT * FROM cart').get() }).toEqual({ id: 1, item: 'pear' });
      expect({ ...connection.prepare('PRAGMA integrity_check').get() }).toEqual({ integrity_check: 'ok' });
    });
  });

  it('leaves a new file empty, for the next one to lay out', async () => {
    await crashWhileMigrating([FIRST + ';' + ENDLESS]);
    withConnection((connection) => {
      migrate(connection, path, [FIRST]);
      expect(versionOf(connection)).toBe(1);
      expect({ ...connection.prepare('PRAGMA integrity_check').get() }).toEqual({ integrity_check: 'ok' });
    });
  });
});
