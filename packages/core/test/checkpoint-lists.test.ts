import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { startValkey, type ValkeyServer } from '@keepstep/test-servers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { memoryStore } from '../src/index.ts';
import { sqliteStore } from '../src/stores/sqlite/index.ts';
import { valkeyStore } from '../src/stores/valkey/index.ts';
import { CheckpointClient } from '../src/testing/index.ts';
import type { Store } from '../src/index.ts';
import { ListModel, type ListStep } from './list-model.ts';
import { scratchFolder } from './scratch-folder.ts';

/** Is a store that a sequence of steps is played on. */
interface Stage {
  readonly store: Store;
  /** Counts the pieces of a thread that are stored; undefined where nobody can look. */
  readonly countPieces?: (thread: string) => Promise<number>;
}

const thread = fc.constantFrom('a', 'b');
const texts = fc.array(fc.constantFrom('x', 'y', 'z'), { maxLength: 4 });
const step: fc.Arbitrary<ListStep> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      thread,
      namespace: fc.constantFrom('', 'child'),
      parent: fc.nat(),
      cut: fc.nat(5),
      texts,
      known: fc.nat(10),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('share' as const), thread, parent: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('prune' as const), thread, keep: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('copy' as const), thread, to: thread }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), thread }) },
);

async function play(steps: readonly ListStep[], { store, countPieces }: Stage, namespace: string): Promise<void> {
  const client = new CheckpointClient(await (store.checkpoints as NonNullable<Store['checkpoints']>)(namespace));
  const model = new ListModel(client);
  for (const each of steps) {
    const isSwept = await model.take(each);
    expect(await model.found()).toEqual(model.expected());
    if (isSwept && countPieces) expect(await countPieces(each.thread)).toBe(model.beginnings(each.thread));
  }
}

describe('whatever is appended, edited, forked, pruned and copied, every list is what was put', () => {
  let server: ValkeyServer;
  let remote: Store;

  beforeAll(async () => {
    server = await startValkey({});
    remote = valkeyStore({ url: server.url });
  });

  afterAll(async () => {
    await remote.close();
    await server.stop();
  });

  it('refuses digests that a file or a server would take for something else', async () => {
    const local = sqliteStore({ path: join(scratchFolder(), 'agent.db') });
    const nothing = new Uint8Array();
    const place = { thread: 'thread', namespace: '', id: '1', parent: undefined, record: nothing, metadata: nothing };
    for (const store of [local, remote]) {
      const port = await (store.checkpoints as NonNullable<Store['checkpoints']>)('digests');
      for (const digest of ['', '\n', '\0', 'a b', 'ü', 'd'.repeat(65)]) {
        for (const list of [
          { after: undefined, pieces: [{ digest, value: nothing }] },
          { after: digest, pieces: [] },
        ]) {
          const draft = { ...place, channels: [{ channel: 'list', version: '1', list }] };
          await expect(async () => port.put(draft)).rejects.toMatchObject({ code: 'invalid_argument' });
        }
      }
      expect(await port.read({ thread: 'thread', namespace: '' })).toBeUndefined();
    }
    await local.close();
  });

  it('in memory', async () => {
    const property = fc.asyncProperty(fc.array(step, { maxLength: 40 }), (steps) =>
      play(steps, { store: memoryStore() }, 'default'),
    );
    await fc.assert(property, { numRuns: 200 });
  });

  it('in a SQLite file, which holds each piece once and those alone that are needed', async () => {
    const path = join(scratchFolder(), 'agent.db');
    const store = sqliteStore({ path, durability: 'process' });
    using file = new DatabaseSync(path, { open: false });
    let run = 0;
    const property = fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const namespace = `run${(run += 1)}`;
      await play(
        steps,
        {
          store,
          async countPieces(name) {
            if (!file.isOpen) file.open();
            const found = file
              .prepare(
                `SELECT count(*) AS pieces FROM list_piece JOIN thread ON thread.id = list_piece.thread
                   JOIN namespace ON namespace.id = thread.namespace WHERE thread.name = ? AND namespace.name = ?`,
              )
              .get(Buffer.from(name), JSON.stringify(namespace));
            return found?.['pieces'] as number;
          },
        },
        namespace,
      );
    });
    await fc.assert(property, { numRuns: 100 });
    await store.close();
  });

  it('on a server, which holds each piece once and those alone that are needed', async () => {
    let run = 0;
    const property = fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const namespace = `run${(run += 1)}`;
      const countPieces = async (name: string): Promise<number> =>
        Number(await server.command('HLEN', `ks:{${namespace}/t.${name}}:p`));
      await play(steps, { store: remote, countPieces }, namespace);
    });
    await fc.assert(property, { numRuns: 40 });
  });
});
