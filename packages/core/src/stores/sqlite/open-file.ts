import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { KeepstepError, messageOf } from '../../errors.ts';
import { checkHeader, checkVersion } from './file-header.ts';
import { LAYOUT_VERSION, migrate, versionOf } from './migrate.ts';
import { corruptFile, isBusy, isCorrupt, unavailableFile } from './sqlite-errors.ts';

/** Is the size up to which a file is checked page by page when it is opened: about a tenth of a second. */
const CHECKED_BYTES = 32 * 1024 * 1024;
const RETRY_MS = 5;

/**
 * Opens the file of a store, and makes it where there is none.
 *
 * The file is looked at before anything may change it; one that is not ours, of a later release or damaged stays as it is,
 * byte for byte.
 *
 * @param busyMs is how long to wait for a lock of another process
 * @throws StoreError `store_unavailable`, `store_mismatch` or `store_corrupt`
 */
export function openFile(path: string, busyMs: number): DatabaseSync {
  const isOld = prepareFile(path);
  try {
    if (isOld) checkContent(path, busyMs);
    const connection = new DatabaseSync(path);
    try {
      connection.exec(`PRAGMA busy_timeout = ${busyMs}; PRAGMA mmap_size = 0; PRAGMA fullfsync = 1`);
      // The file is laid out before it gets its log: its own header then says whose it is, whatever happens next.
      migrate(connection, path);
      enterWalMode(connection, busyMs);
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  } catch (error) {
    throw describe(path, error);
  }
}

/** Makes sure that there is a file, readable by its owner alone where it is new; tells whether there is anything in it. */
function prepareFile(path: string): boolean {
  const folder = dirname(path);
  if (!existsSync(folder)) throw unavailableFile(path, `there is no folder ${JSON.stringify(folder)}`);
  try {
    closeSync(openSync(path, 'a', 0o600));
    return checkHeader(path, LAYOUT_VERSION);
  } catch (error) {
    if (KeepstepError.isInstance(error)) throw error;
    throw unavailableFile(path, messageOf(error), error);
  }
}

/** Checks what stands in a file, its log included, before a connection that may write touches it. */
function checkContent(path: string, busyMs: number): void {
  const hasLog = sizeOf(`${path}-wal`) > 0;
  // Closing a connection that may write empties the log into the file; without a log there is nothing to empty.
  const connection = new DatabaseSync(path, { readOnly: hasLog });
  try {
    connection.exec(`PRAGMA busy_timeout = ${busyMs}`);
    checkVersion(path, versionOf(connection), LAYOUT_VERSION);
    if (sizeOf(path) > CHECKED_BYTES) {
      connection.prepare('SELECT count(*) FROM sqlite_schema').get();
      return;
    }
    const found = connection.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
    if (found !== 'ok') throw corruptFile(path, String(found));
  } finally {
    connection.close();
  }
}

/** Changing the mode needs the file for itself, and does not wait for it as other statements do. */
function enterWalMode(connection: DatabaseSync, busyMs: number): void {
  const lastTry = Date.now() + busyMs;
  for (;;) {
    try {
      connection.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (!isBusy(error) || Date.now() > lastTry) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function describe(path: string, error: unknown): unknown {
  if (KeepstepError.isInstance(error)) return error;
  if (isCorrupt(error)) return corruptFile(path, messageOf(error), error);
  return unavailableFile(path, messageOf(error), error);
}
