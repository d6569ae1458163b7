import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import type { DatabaseSync } from 'node:sqlite';

import { scratchFolder } from '../../../../test/scratch-folder.ts';
import { openFile } from '../open-file.ts';
import { documentsSql } from './statements/documents.generated.ts';
import { locksSql } from './statements/locks.generated.ts';
import { logsSql } from './statements/logs.generated.ts';
import { operationsSql } from './statements/operations.generated.ts';
import { runsSql } from './statements/runs.generated.ts';
import { spacesSql } from './statements/spaces.generated.ts';
import { sweepSql } from './statements/sweep.generated.ts';

let connection: DatabaseSync;

beforeEach(() => {
  connection = openFile(join(scratchFolder(), 'agent.db'), 1_000);
  onTestFinished(() => connection.close());
});

const STATEMENTS = { documentsSql, locksSql, logsSql, operationsSql, runsSql, spacesSql, sweepSql };

/** Returns the parts of a plan that read a whole table or sort it. */
function slowParts(text: string): string[] {
  const parameters = Object.fromEntries([...text.matchAll(/:(\w+)/g)].map(([, parameter]) => [parameter, null]));
  const plan = connection.prepare(`EXPLAIN QUERY PLAN ${text}`).all(parameters) as { detail: string }[];
  return plan.map(({ detail }) => detail).filter((detail) => /^SCAN (?!CONSTANT ROW)|USE TEMP B-TREE/.test(detail));
}

it.each(Object.entries(STATEMENTS))('finds rows by an index and in its order, in each of %s', (_, sql) => {
  const slow = Object.entries(sql).map(([name, text]) => [name, slowParts(text)]);
  expect(slow.filter(([, parts]) => (parts as readonly unknown[]).length > 0)).toEqual([]);
});

it('would see a statement that reads and sorts a whole table', () => {
  expect(slowParts('SELECT key FROM document WHERE updated_at > :now ORDER BY updated_at')).toHaveLength(2);
});
