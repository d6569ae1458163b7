import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, expect, it, onTestFinished } from 'vitest';

import { scratchFolder } from '../../../../test/scratch-folder.ts';
import { manualClock, type ManualClock } from '../../../testing/manual-clock.ts';
import { StateClient } from '../../../testing/state-client.ts';
import { sqliteStore } from '../sqlite-store.ts';

const DAY_MS = 86_400_000;
const TABLES = ['document', 'part', 'document_fence', 'log', 'log_entry', 'lock', 'run', 'step', 'operation'];

let clock: ManualClock;
let client: StateClient;
let rows: () => Record<string, number>;

beforeEach(async () => {
  const path = join(scratchFolder(), 'agent.db');
  clock = manualClock(1_700_000_000_000);
  const store = sqliteStore({ path, clock, sweepInterval: '10m', sessionIdle: '1h' });
  const file = new DatabaseSync(path, { readOnly: true });
  onTestFinished(() => {
    file.close();
    return store.close();
  });
  client = new StateClient(await store.state!('shop'));
  rows = () => {
    const counts = TABLES.map((table) => [
      table,
      file.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n'] as number,
    ]);
    return Object.fromEntries(counts.filter(([, count]) => count !== 0));
  };
});

it('deletes what is over, however much it is, and forgets operations', async () => {
  for (let index = 0; index < 600; index += 1) await client.documents().set(`key ${index}`, 'value', { ttlMs: 1_000 });
  await client.documents().append('list', ['a'], 1_000);
  await client.log().append(
    Array.from({ length: 1_200 }, (_, index) => `${index}`),
    { ttlMs: 1_000, maxLength: 5_000 },
  );
  for (let index = 0; index < 50; index += 1) {
    const run = await client.runs.open(`run ${index}`, 1, 1_000);
    await client.runs.record(run, `run ${index}`, { step: { id: 'one', text: '1' }, ttlMs: 1_000 });
  }
  await client.locks.take('lock', 'token', 1_000);
  expect(rows()).toMatchObject({ document: 601, part: 1, log_entry: 1_200, run: 50, step: 50, lock: 1 });
  await clock.advance(601_000);
  expect(rows()).toEqual({});
});

it('leaves what stays, and what is not over yet', async () => {
  await client.documents().set('stays', 'value');
  await client.documents().set('later', 'value', { ttlMs: 3_600_000 });
  await client.log().append(['entry']);
  await client.runs.open('run', 1, 3_600_000);
  await client.locks.take('lock', 'token', 3_600_000);
  await clock.advance(1_200_000);
  expect(rows()).toEqual({ document: 2, log: 1, log_entry: 1, run: 1, lock: 1 });
});

it('keeps the fence of a key until the key has held nothing for a day', async () => {
  await client.documents().set('deleted', 'value', { fence: 5 });
  await client.documents().set('over', 'value', { fence: 5, ttlMs: 2 * DAY_MS });
  await client.documents().set('held', 'value', { fence: 5 });
  await clock.advance(DAY_MS);
  await client.documents().delete('deleted');
  await clock.advance(DAY_MS - 1_000);
  expect(rows()).toMatchObject({ document_fence: 3 });
  await clock.advance(600_000);
  expect(rows()).toMatchObject({ document_fence: 2 });
  await clock.advance(DAY_MS - 700_000);
  expect(rows()).toMatchObject({ document_fence: 2 });
  await clock.advance(1_300_000);
  expect(rows()).toEqual({ document: 1, document_fence: 1 });
});
