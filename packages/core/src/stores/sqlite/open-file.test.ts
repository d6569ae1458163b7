import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';

import { scratchFolder } from '../../../test/scratch-folder.ts';
import { KeepstepError } from '../../errors.ts';
import { StoreClient } from '../../testing/store-client.ts';
import { LAYOUT_VERSION } from './migrate.ts';
import { sqliteStore } from './sqlite-store.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = scratchFolder();
  path = join(folder, 'agent.db');
});

/** Opens the file, which must be refused, and returns the error. */
function refusal(): KeepstepError {
  try {
    void sqliteStore({ path }).close();
  } catch (error) {
    if (KeepstepError.isInstance(error)) return error;
    throw error;
  }
  return expect.fail('the file is opened');
}

/** Opens the file, which must be refused, and checks that nothing about it has changed. */
function refusalThatTouchesNothing(): KeepstepError {
  const files = (): string => JSON.stringify(readdirSync(folder).map((name) => [name, digest(join(folder, name))]));
  const before = files();
  const error = refusal();
  expect(files()).toBe(before);
  return error;
}

function digest(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function withConnection(run: (connection: DatabaseSync) => void): void {
  const connection = new DatabaseSync(path);
  run(connection);
  connection.close();
}

async function givenFile(entries: number): Promise<void> {
  const store = sqliteStore({ path });
  const client = new StoreClient(store.entries('shop', { maxStalenessMs: 0 }));
  for (let index = 0; index < entries; index += 1) await client.put(`key ${index}`, 'x'.repeat(1_000));
  await store.close();
}

describe('opening a file', () => {
  it('makes it where there is none, for its owner alone', async () => {
    await givenFile(1);
    expect(readdirSync(folder)).toEqual(['agent.db']);
    const store = sqliteStore({ path });
    store.entries('shop', { maxStalenessMs: 0 });
    const modes = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mode & 0o777]);
    await store.close();
    expect(modes).toEqual([
      ['agent.db', 0o600],
      ['agent.db-shm', 0o600],
      ['agent.db-wal', 0o600],
    ]);
  });

  it('takes an empty file for a new one', async () => {
    writeFileSync(path, '');
    await givenFile(1);
    expect(statSync(path).size).toBeGreaterThan(0);
  });

  it('finds again what was stored before', async () => {
    await givenFile(3);
    const store = sqliteStore({ path });
    const client = new StoreClient(store.entries('shop', { maxStalenessMs: 0 }));
    expect(await client.acquire('key 2')).toMatchObject({ kind: 'hit' });
    await store.close();
  });

  it('takes a name that looks like nothing of SQLite', async () => {
    for (const name of ['a b?mode=ro#.db', 'ключ.db', "it's.db", '%41.db']) {
      path = join(folder, name);
      await givenFile(1);
      expect(existsSync(path)).toBe(true);
    }
  });
});

describe('refuses, and leaves as it is,', () => {
  it('a file that is no database', () => {
    writeFileSync(path, 'dear diary');
    const error = refusalThatTouchesNothing();
    expect(error.code).toBe('store_mismatch');
    expect(error.message).toContain('it is no SQLite file');
  });

  it('a database of another program', () => {
    withConnection((connection) => connection.exec('CREATE TABLE diary (day TEXT)'));
    expect(refusalThatTouchesNothing()).toMatchObject({ code: 'store_mismatch' });
    expect(refusal().message).toContain('it belongs to another program');
  });

  it('a database of another program that has a log and numbers its layouts, too', () => {
    withConnection((connection) =>
      connection.exec('PRAGMA journal_mode = WAL; CREATE TABLE diary (day TEXT); PRAGMA user_version = 1'),
    );
    expect(refusalThatTouchesNothing()).toMatchObject({ code: 'store_mismatch' });
  });

  it('a file of a later release', async () => {
    await givenFile(1);
    withConnection((connection) => connection.exec('PRAGMA user_version = 99'));
    const error = refusalThatTouchesNothing();
    expect(error.code).toBe('store_mismatch');
    expect(error.message).toContain('version 99');
  });

  it('a file of a later release that only its log tells of', async () => {
    await givenFile(1);
    const other = new DatabaseSync(path);
    other.exec('PRAGMA user_version = 99');
    // Both files as a crash would leave them: nobody has them open.
    const crashed = join(folder, 'crashed.db');
    for (const ending of ['', '-wal']) copyFileSync(path + ending, crashed + ending);
    other.close();
    path = crashed;
    expect(readFileSync(path).readUInt32BE(60)).toBe(LAYOUT_VERSION);
    const before = [digest(path), digest(`${path}-wal`)];
    expect(refusal()).toMatchObject({ code: 'store_mismatch' });
    expect([digest(path), digest(`${path}-wal`)]).toEqual(before);
  });

  it('a file that is cut short', async () => {
    await givenFile(50);
    truncateSync(path, Math.floor(statSync(path).size / 2));
    expect(refusalThatTouchesNothing()).toMatchObject({ code: 'store_corrupt' });
    truncateSync(path, 50);
    expect(refusalThatTouchesNothing()).toMatchObject({ code: 'store_corrupt' });
  });

  it('a file with a damaged page, wherever it is', async () => {
    await givenFile(50);
    const whole = readFileSync(path);
    for (let page = 1; page < whole.length / 4096; page += 5) {
      writeFileSync(path, Buffer.from(whole).fill(0xaa, page * 4096, page * 4096 + 200));
      expect(refusalThatTouchesNothing(), `page ${page}`).toMatchObject({ code: 'store_corrupt' });
    }
    writeFileSync(path, whole);
    await givenFile(1);
  });

  it('a folder that is not there', () => {
    path = join(folder, 'missing', 'agent.db');
    const error = refusalThatTouchesNothing();
    expect(error.code).toBe('store_unavailable');
    expect(error.message).toContain(`there is no folder ${JSON.stringify(join(folder, 'missing'))}`);
  });

  it('a folder in place of a file', () => {
    mkdirSync(path);
    expect(refusal()).toMatchObject({ code: 'store_unavailable' });
    expect(readdirSync(path)).toEqual([]);
  });
});

it.each([':memory:', '', 'file:agent.db', 'FILE:agent.db?mode=memory', 'a\0b'])('refuses the path %j', (refused) => {
  expect(() => sqliteStore({ path: refused })).toThrow(/Invalid option "path"/);
});
