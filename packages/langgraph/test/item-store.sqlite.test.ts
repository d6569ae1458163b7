import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Store } from '@keepstep/core';
import { sqliteStore } from '@keepstep/core/sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { KeepstepStore } from '../src/index.ts';
import { bindItemClients } from './bind-item-clients.ts';
import { bindItemStore } from './bind-item-store.ts';

let folder: string;
let store: Store;
let other: Store;
let runs = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keepstep-items-'));
  const path = join(folder, 'agent.db');
  [store, other] = [sqliteStore({ path }), sqliteStore({ path })];
});

afterAll(async () => {
  await store.close();
  await other.close();
  rmSync(folder, { recursive: true });
});

bindItemStore(
  'on SQLite',
  (options) => {
    runs += 1;
    return new KeepstepStore({ ...options, store, namespace: `run ${runs}` });
  },
  25,
);

bindItemClients('on SQLite', () => [store, other]);

describe('in a file, KeepstepStore', () => {
  it('finds its items again when the file is opened anew', async () => {
    const url = `sqlite:${join(folder, 'again.db')}`;
    const before = KeepstepStore.fromUrl(url);
    await before.put(['a'], 'key', { n: 1 });
    await before.close();
    const after = KeepstepStore.fromUrl(url);
    expect(await after.get(['a'], 'key')).toMatchObject({ value: { n: 1 } });
    await after.close();
    await expect(after.get(['a'], 'key')).rejects.toMatchObject({ code: 'state_unavailable' });
    await expect(after.put(['a'], 'key', {})).rejects.toMatchObject({ code: 'outcome_unknown' });
  });
});
