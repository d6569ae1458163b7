import type { DatabaseSync } from 'node:sqlite';
import { APPLICATION_ID, checkVersion } from './file-header.ts';
import { migration1Sql } from './schema/migration-1.generated.ts';
import { migration2Sql } from './schema/migration-2.generated.ts';
import { migration3Sql } from './schema/migration-3.generated.ts';
import { migration4Sql } from './schema/migration-4.generated.ts';
import { migration5Sql } from './schema/migration-5.generated.ts';
import { mismatchedFile } from './sqlite-errors.ts';

/** Holds what leads from each version of the layout to the next; the first leads from an empty file to version 1. */
const MIGRATIONS: readonly string[] = [migration1Sql, migration2Sql, migration3Sql, migration4Sql, migration5Sql];

/** Is the version of the layout that this release works with. */
export const LAYOUT_VERSION: number = MIGRATIONS.length;

/**
 * Brings the layout of a file to the newest version, in one transaction: of several processes that open a file at once, one
 * does it and the others find it done; a crash leaves the file as it was.
 *
 * @throws StoreError `store_mismatch` for a file of another program or of a later release
 */
export function migrate(connection: DatabaseSync, path: string, migrations: readonly string[] = MIGRATIONS): void {
  if (versionOf(connection) === migrations.length) return;
  connection.exec('BEGIN IMMEDIATE');
  try {
    // Read again: somebody else may have been first.
    const version = versionOf(connection);
    checkVersion(path, version, migrations.length);
    if (version === 0 && !isEmpty(connection)) throw mismatchedFile(path, 'it belongs to another program');
    for (const migration of migrations.slice(version)) connection.exec(migration);
    connection.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migrations.length}`);
    connection.exec('COMMIT');
  } catch (error) {
    connection.exec('ROLLBACK');
    throw error;
  }
}

/** Returns the version of the layout of a file; 0 for an empty one. */
export function versionOf(connection: DatabaseSync): number {
  return connection.prepare('PRAGMA user_version').get()?.['user_version'] as number;
}

function isEmpty(connection: DatabaseSync): boolean {
  return connection.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables'] === 0;
}
