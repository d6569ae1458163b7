import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { scratchFolder } from '../../../test/scratch-folder.ts';
import { openFile } from './open-file.ts';
import { SqliteDatabase, type Effect } from './sqlite-database.ts';

const SQL = {
  add: 'INSERT INTO boot (id) VALUES (:id);',
  list: 'SELECT id FROM boot ORDER BY id;',
  synchronous: 'PRAGMA synchronous;',
};
/** Are SQLite's numbers of its levels. */
const [NORMAL, FULL] = [1, 2];

let path: string;

beforeEach(() => {
  path = join(scratchFolder(), 'agent.db');
});

function open(syncsInvalidations = true, busyMs = 1) {
  const database = new SqliteDatabase(path, openFile(path, busyMs), syncsInvalidations);
  onTestFinished(() => database.close());
  const statements = database.prepare(SQL);
  return {
    database,
    add: (id: string) => statements.add.run({ id }),
    list: () => statements.list.all().map(({ id }) => id),
    levelOf: (effect: Effect) => database.write(effect, () => statements.synchronous.get())?.['synchronous'],
  };
}

describe('a transaction', () => {
  it('lets others see all of it, or nothing', () => {
    const [one, other] = [open(), open()];
    one.database.write('stores', () => {
      one.add('a');
      one.add('b');
      expect(other.list()).toEqual([]);
    });
    expect(other.list()).toEqual(['a', 'b']);
  });

  it('leaves nothing behind when it fails, and the connection goes on', () => {
    const { database, add, list } = open();
    const failure = new Error('on purpose');
    const work = () =>
      database.write('stores', () => {
        add('a');
        throw failure;
      });
    expect(work).toThrow(expect.objectContaining({ code: 'store_unavailable', cause: failure }));
    expect(list()).toEqual([]);
    database.write('stores', () => add('b'));
    expect(list()).toEqual(['b']);
  });

  it('keeps everybody else from beginning one, before it has written anything', () => {
    const [one, other] = [open(), open()];
    one.database.write('stores', () => {
      expect(() => other.database.write('stores', () => other.add('a'))).toThrow(
        expect.objectContaining({ code: 'store_unavailable', message: expect.stringContaining('locked') }),
      );
    });
    other.database.write('stores', () => other.add('a'));
    expect(one.list()).toEqual(['a']);
  });

  it('waits for the disk if it invalidates or keeps durable state, and only then', () => {
    const { levelOf } = open();
    expect([levelOf('stores'), levelOf('invalidates'), levelOf('stores')]).toEqual([NORMAL, FULL, NORMAL]);
    expect([levelOf('keeps'), levelOf('stores')]).toEqual([FULL, NORMAL]);
  });

  it('never waits for the disk where that was not asked for', () => {
    const { levelOf } = open(false);
    expect([levelOf('stores'), levelOf('invalidates'), levelOf('keeps')]).toEqual([NORMAL, NORMAL, NORMAL]);
  });
});

it('sees the file as it is at one moment within a snapshot, which keeps nobody from writing', () => {
  const [one, other] = [open(), open()];
  one.add('a');
  const seen = one.database.snapshot(() => {
    const before = one.list();
    other.database.write('keeps', () => other.add('b'));
    return [before, one.list()];
  });
  expect(seen).toEqual([['a'], ['a']]);
  expect(one.list()).toEqual(['a', 'b']);
});

it('has another data version after somebody else has changed the file, and after nothing else', () => {
  const [one, other] = [open(), open()];
  const before = one.database.dataVersion();
  one.database.write('stores', () => one.add('a'));
  expect(one.database.dataVersion()).toBe(before);
  other.database.write('stores', () => undefined);
  other.list();
  expect(one.database.dataVersion()).toBe(before);
  other.database.write('stores', () => other.add('b'));
  expect(one.database.dataVersion()).not.toBe(before);
});

it('refuses everything once it is closed, and may be closed twice', () => {
  const { database } = open();
  database.close();
  database.close();
  for (const use of [
    () => database.dataVersion(),
    () => database.read(() => 1),
    () => database.snapshot(() => 1),
    () => database.write('stores', () => 1),
    () => database.assertOpen(),
  ]) {
    expect(use).toThrow(
      expect.objectContaining({ code: 'store_unavailable', message: expect.stringContaining('closed') }),
    );
  }
});
