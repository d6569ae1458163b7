import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, expect, it, onTestFinished } from 'vitest';

import { scratchFolder } from '../../../test/scratch-folder.ts';
import { APPLICATION_ID } from './file-header.ts';
import { migrate, versionOf } from './migrate.ts';

const FIRST = `CREATE TABLE cart (id INTEGER PRIMARY KEY); INSERT INTO cart VALUES (1)`;
const SECOND = `ALTER TABLE cart ADD COLUMN item TEXT; UPDATE cart SET item = 'apple'`;
const THIRD = `CREATE TABLE shelf (id INTEGER PRIMARY KEY)`;

let path: string;
let connection: DatabaseSync;

beforeEach(() => {
  path = join(scratchFolder(), 'agent.db');
  connection = open();
});

function open(): DatabaseSync {
  const opened = new DatabaseSync(path);
  onTestFinished(() => opened.close());
  return opened;
}

function tables(of: DatabaseSync): unknown[] {
  return of
    .prepare('SELECT name FROM sqlite_schema ORDER BY name')
    .all()
    .map(({ name }) => name);
}

it('leads an empty file to the newest layout', () => {
  migrate(connection, path, [FIRST, SECOND, THIRD]);
  expect(versionOf(connection)).toBe(3);
  expect(tables(connection)).toEqual(['cart', 'shelf']);
});

it('leads a file on from where it stands, with what it holds', () => {
  migrate(connection, path, [FIRST]);
  migrate(connection, path, [FIRST, SECOND, THIRD]);
  expect(versionOf(connection)).toBe(3);
  expect({ ...connection.prepare('SELECT * FROM cart').get() }).toEqual({ id: 1, item: 'apple' });
});

it('does nothing to a file that is there already', () => {
  migrate(connection, path, [FIRST]);
  const before = readFileSync(path);
  migrate(connection, path, [FIRST]);
  expect(readFileSync(path).equals(before)).toBe(true);
});

it('writes into the header whose file it is', () => {
  migrate(connection, path, [FIRST]);
  expect(readFileSync(path).readUInt32BE(68)).toBe(APPLICATION_ID);
});

it('leaves a file at its old layout when one of the steps fails', () => {
  migrate(connection, path, [FIRST]);
  expect(() => migrate(connection, path, [FIRST, SECOND, 'CREATE TABLE cart (id INTEGER)'])).toThrow('already exists');
  expect(versionOf(connection)).toBe(1);
  expect({ ...connection.prepare('SELECT * FROM cart').get() }).toEqual({ id: 1 });
  migrate(connection, path, [FIRST, SECOND]);
  expect(versionOf(connection)).toBe(2);
});

it('finds done what another connection has done while it waited', () => {
  migrate(connection, path, [FIRST]);
  const other = open();
  other.exec('BEGIN IMMEDIATE');
  expect(() => migrate(connection, path, [FIRST, SECOND])).toThrow('locked');
  other.exec(`${SECOND}; PRAGMA user_version = 2; COMMIT`);
  migrate(connection, path, [FIRST, SECOND]);
  expect(versionOf(connection)).toBe(2);
});

it('refuses tables that it has not made', () => {
  connection.exec('CREATE TABLE diary (day TEXT)');
  expect(() => migrate(connection, path, [FIRST])).toThrow('belongs to another program');
  expect(tables(connection)).toEqual(['diary']);
});

it('refuses the layout of a later release', () => {
  migrate(connection, path, [FIRST, SECOND]);
  expect(() => migrate(connection, path, [FIRST])).toThrow('version 2, of a later release');
  expect(versionOf(connection)).toBe(2);
});
