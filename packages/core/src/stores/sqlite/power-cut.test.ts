import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';

import { scratchFolder } from '../../../test/scratch-folder.ts';
import { StoreClient } from '../../testing/store-client.ts';
import { invalidateAfterPowerCut } from './power-cut.ts';
import { openFile } from './open-file.ts';
import { SqliteDatabase } from './sqlite-database.ts';
import { resolveSqliteOptions } from './sqlite-options.ts';
import { storeOver } from './sqlite-store.ts';

let path: string;

beforeEach(() => {
  path = join(scratchFolder(), 'agent.db');
});

/** Opens the file in one start of the machine, and tells whether what was stored before is a hit; then stores it. */
async function hitIn(bootId: string | undefined, syncsInvalidations: boolean): Promise<boolean> {
  const database = new SqliteDatabase(path, openFile(path, 1_000), syncsInvalidations);
  invalidateAfterPowerCut(database, syncsInvalidations, bootId);
  const store = storeOver(database, resolveSqliteOptions({ path }));
  onTestFinished(() => store.close());
  const client = new StoreClient(store.entries('shop', { maxStalenessMs: 0 }));
  const acquired = await client.acquire('cart');
  await client.put('cart', 1);
  await store.close();
  return acquired.kind === 'hit';
}

it('keeps everything where invalidations wait for the disk, whatever happened to the machine', async () => {
  expect(await hitIn('first', true)).toBe(false);
  expect(await hitIn('second', true)).toBe(true);
  expect(await hitIn(undefined, true)).toBe(true);
});

it('starts empty after the machine has started anew, where they do not wait', async () => {
  await hitIn('first', false);
  expect(await hitIn('first', false)).toBe(true);
  expect(await hitIn('second', false)).toBe(false);
  expect(await hitIn('second', false)).toBe(true);
});

it('starts empty once when invalidations wait from now on and did not before', async () => {
  await hitIn('first', false);
  expect(await hitIn('second', true)).toBe(false);
  expect(await hitIn('third', true)).toBe(true);
});

it('starts empty every time where the system does not tell, and invalidations do not wait', async () => {
  await hitIn(undefined, false);
  expect(await hitIn(undefined, false)).toBe(false);
  expect(await hitIn(undefined, false)).toBe(false);
});

it('goes on knowing that others do not wait', async () => {
  await hitIn('first', false);
  expect(await hitIn('first', true)).toBe(true);
  expect(await hitIn('second', true)).toBe(false);
});
