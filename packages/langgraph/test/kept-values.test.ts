import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { memoryStore, type Store } from '@keepstep/core';
import { sqliteStore } from '@keepstep/core/sqlite';
import { valkeyStore } from '@keepstep/core/valkey';
import { startValkey, type ValkeyServer } from '@keepstep/test-servers';
import {
  emptyCheckpoint,
  MemorySaver,
  type Checkpoint,
  type CheckpointMetadata,
  type CheckpointTuple,
} from '@langchain/langgraph-checkpoint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { KeepstepSaver } from '../src/keepstep-saver.ts';
import { interceptedStore } from './intercepted-store.ts';
import { keptKinds, refusedKinds } from './kinds-of-values.ts';

let folder: string;
let server: ValkeyServer;
const stores = new Map<string, Store>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keepstep-values-'));
  server = await startValkey({});
  stores.set('memory', memoryStore());
  stores.set('SQLite', sqliteStore({ path: join(folder, 'agent.db') }));
  stores.set('Valkey', valkeyStore({ url: server.url }));
});

afterAll(async () => {
  for (const store of stores.values()) await store.close();
  await server?.stop();
  rmSync(folder, { recursive: true });
});

const metadata: CheckpointMetadata = { source: 'loop', step: 1, parents: {} };
let threads = 0;

interface Place {
  readonly put: (saver: KeepstepSaver, thread: string, value: unknown) => Promise<unknown>;
  readonly found: (tuple: CheckpointTuple) => unknown;
}

function configOf(thread: string, id?: string): { configurable: Record<string, string> } {
  return { configurable: { thread_id: thread, checkpoint_ns: '', ...(id !== undefined && { checkpoint_id: id }) } };
}

function checkpointOf(values: Record<string, unknown>): Checkpoint {
  const versions = Object.fromEntries(Object.keys(values).map((channel) => [channel, 1]));
  return { ...emptyCheckpoint(), id: '1', channel_values: values, channel_versions: versions };
}

const places: Readonly<Record<string, Place>> = {
  'a channel': {
    put: async (saver, thread, value) =>
      saver.put(configOf(thread), checkpointOf({ kept: value }), metadata, { kept: 1 }),
    found: ({ checkpoint }) => checkpoint.channel_values['kept'],
  },
  'a pending write': {
    async put(saver, thread, value) {
      await saver.putWrites(
        configOf(thread, '1'),
        [
          ['before', 1],
          ['kept', value],
        ],
        'task',
      );
      await saver.put(configOf(thread), checkpointOf({}), metadata, {});
    },
    found: ({ pendingWrites }) => pendingWrites?.[1]?.[2],
  },
  'the metadata': {
    put: async (saver, thread, value) =>
      saver.put(configOf(thread), checkpointOf({}), { ...metadata, kept: value } as CheckpointMetadata, {}),
    found: (tuple) => (tuple.metadata as unknown as { readonly kept: unknown }).kept,
  },
};

describe.each(['memory', 'SQLite', 'Valkey'])('with %s, KeepstepSaver', (name) => {
  describe.each(Object.keys(places))('in %s', (placeName) => {
    const place = places[placeName] as Place;

    it.each(keptKinds)('returns %s as it went in', async (_, value) => {
      threads += 1;
      const [store, thread] = [stores.get(name) as Store, `kept ${threads}`];
      await place.put(new KeepstepSaver({ store }), thread, value);
      const tuple = (await new KeepstepSaver({ store }).getTuple(configOf(thread))) as CheckpointTuple;
      expect(isDeepStrictEqual(place.found(tuple), value)).toBe(true);
    });

    it.each(refusedKinds.map(([obstacle, path, value]) => ({ obstacle, value, short: path.slice(0, 40) })))(
      'refuses $obstacle at $short, before the store is asked',
      async ({ obstacle, value }) => {
        const asked: string[] = [];
        const store = interceptedStore(stores.get(name) as Store, (method) => void asked.push(method));
        const putting = place.put(new KeepstepSaver({ store }), 'refused', value);
        await expect(putting).rejects.toMatchObject({ code: 'not_encodable', obstacle });
        expect(asked).toEqual([]);
        expect(await new KeepstepSaver({ store }).getTuple(configOf('refused'))).toBeUndefined();
      },
    );
  });

  it('reads what it has written with the serialiser of LangGraph', async () => {
    const store = stores.get(name) as Store;
    const earlier = new KeepstepSaver({ store, namespace: 'earlier', serde: new MemorySaver().serde });
    const values = Object.fromEntries(keptKinds.filter(([kind]) => /messages? in a list|set$/u.test(kind)));
    const versions = Object.fromEntries(Object.keys(values).map((channel) => [channel, 1]));
    await earlier.put(configOf('thread'), checkpointOf(values), metadata, versions);
    await earlier.putWrites(configOf('thread', '1'), [['kept', [new Map([[1, Uint8Array.of(1)]])]]], 'task');
    const now = new KeepstepSaver({ store, namespace: 'earlier' });
    expect(await now.getTuple(configOf('thread'))).toStrictEqual(await earlier.getTuple(configOf('thread')));
    expect(Object.keys(values).length).toBeGreaterThan(1);
  });
});

describe('what is refused', () => {
  it('is named with its channel and its path, and with what to do', async () => {
    const saver = new KeepstepSaver();
    class Money {}
    const putting = saver.put(configOf('a'), checkpointOf({ order: { price: new Money() } }), metadata, { order: 1 });
    await expect(putting).rejects.toThrow(
      'Cannot encode an instance of Money at $.price. It is part of the channel "order". Store plain data in its place, ' +
        'keep it out of the state, or give the option serde: new MemorySaver().serde, which stores what JSON makes of ' +
        'such a value.',
    );
    await expect(saver.putWrites(configOf('a', '1'), [['order', () => 1]], 'task')).rejects.toThrow(
      'a write to the channel "order"',
    );
  });

  it('can be stored with the serialiser of LangGraph', async () => {
    const saver = new KeepstepSaver({ serde: new MemorySaver().serde });
    await saver.put(configOf('a'), checkpointOf({ order: { run: () => 1, at: new Date(0) } }), metadata, { order: 1 });
    const tuple = await saver.getTuple(configOf('a'));
    expect(tuple?.checkpoint.channel_values).toEqual({ order: { at: '1970-01-01T00:00:00.000Z' } });
  });
});
