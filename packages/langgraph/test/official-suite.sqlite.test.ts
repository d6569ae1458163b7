import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Store } from '@keepstep/core';
import { sqliteStore } from '@keepstep/core/sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { KeepstepSaver } from '../src/keepstep-saver.ts';
import { bindCheckpointer } from './bind-checkpointer.ts';

let folder: string;
let store: Store;
let runs = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keepstep-langgraph-'));
  store = sqliteStore({ path: join(folder, 'agent.db') });
});

afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

bindCheckpointer('on SQLite', () => {
  runs += 1;
  return new KeepstepSaver({ store, namespace: `run ${runs}` });
});

describe('in a file, KeepstepSaver', () => {
  it('finds a thread again when the file is opened anew', async () => {
    const url = `sqlite:${join(folder, 'again.db')}`;
    const checkpoint = {
      v: 4,
      id: '1',
      ts: '',
      channel_values: { a: 1 },
      channel_versions: { a: 1 },
      versions_seen: {},
    };
    const config = { configurable: { thread_id: 'thread', checkpoint_ns: '' } };
    const before = KeepstepSaver.fromUrl(url);
    await before.put(config, checkpoint, { source: 'input', step: -1, parents: {} }, { a: 1 });
    await before.close();
    const after = KeepstepSaver.fromUrl(url);
    expect((await after.getTuple(config))?.checkpoint).toEqual(checkpoint);
    await after.close();
  });
});
