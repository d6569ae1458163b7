import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';

import { scratchFolder } from '../../../../test/scratch-folder.ts';
import { manualClock, type ManualClock } from '../../../testing/manual-clock.ts';
import { openFile } from '../open-file.ts';
import { SqliteDatabase } from '../sqlite-database.ts';
import { ChangeWatch } from './change-watch.ts';

let path: string;
let clock: ManualClock;
let watch: ChangeWatch;

beforeEach(() => {
  path = join(scratchFolder(), 'agent.db');
  clock = manualClock(1_700_000_000_000);
  watch = new ChangeWatch(connect(), clock);
});

function connect(): SqliteDatabase {
  const database = new SqliteDatabase(path, openFile(path, 1_000), false);
  onTestFinished(() => database.close());
  return database;
}

/** Waits for as many changes as are asked for, and counts the looks. */
function waiting(looks: number, signal = new AbortController().signal) {
  const seen = { looks: 0, isOver: false };
  const over = watch.until(signal, () => ((seen.looks += 1) >= looks ? 0 : Infinity)).then(() => (seen.isOver = true));
  return { seen, over };
}

it('looks again when this process has changed something, before any time has passed', async () => {
  const { seen, over } = waiting(2);
  expect(seen.looks).toBe(1);
  watch.changed();
  await over;
  expect(seen).toEqual({ looks: 2, isOver: true });
});

it('looks again soon after another process has changed the file, and not before', async () => {
  const { seen, over } = waiting(2);
  await clock.advance(10_000);
  expect(seen.looks).toBe(1);
  const other = connect();
  const { add } = other.prepare({ add: `INSERT INTO namespace (name) VALUES ('"other"');` });
  other.write('stores', () => add.run());
  await clock.advance(25);
  await over;
  expect(seen.looks).toBe(2);
});

it('looks again when the time is over that it was told', async () => {
  const looks: number[] = [];
  const start = clock.now();
  const over = watch.until(new AbortController().signal, () => {
    looks.push(clock.now() - start);
    return 500 - (clock.now() - start);
  });
  await clock.advance(10_000);
  await over;
  expect(looks).toEqual([0, 500]);
});

it('ends without a look when the signal is aborted, and leaves no timer behind', async () => {
  const controller = new AbortController();
  const { seen, over } = waiting(2, controller.signal);
  controller.abort();
  await over;
  expect(seen.looks).toBe(1);
  await clock.advance(25);
  expect(clock.pending()).toBe(0);
});

it('fails for whoever waits when the file cannot be read any more', async () => {
  const database = connect();
  const closing = new ChangeWatch(database, clock);
  const over = closing.until(new AbortController().signal, () => Infinity);
  database.close();
  await Promise.all([expect(over).rejects.toMatchObject({ code: 'store_unavailable' }), clock.advance(25)]);
});
