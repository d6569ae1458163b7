import { InvalidArgumentError, InvalidOptionError, memoryStore } from '@keepstep/core';
import { emptyCheckpoint, type Checkpoint, type CheckpointMetadata } from '@langchain/langgraph-checkpoint';
import { describe, expect, it } from 'vitest';

import { KeepstepSaver } from '../src/keepstep-saver.ts';
import { interceptedStore } from './intercepted-store.ts';

const metadata: CheckpointMetadata = { source: 'loop', step: 1, parents: {} };

function configOf(thread: string, id?: string, namespace = ''): { configurable: Record<string, string> } {
  return {
    configurable: { thread_id: thread, checkpoint_ns: namespace, ...(id !== undefined && { checkpoint_id: id }) },
  };
}

function checkpoint(id: string, values: Record<string, unknown> = {}): Checkpoint {
  const versions = Object.fromEntries(Object.keys(values).map((channel) => [channel, 1]));
  return { ...emptyCheckpoint(), id, channel_values: values, channel_versions: versions };
}

async function idsOf(saver: KeepstepSaver, ...request: Parameters<KeepstepSaver['list']>): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const { config } of saver.list(...request)) {
    const {
      thread_id: thread,
      checkpoint_ns: namespace,
      checkpoint_id: id,
    } = config.configurable as Record<string, string>;
    found.push(`${thread}/${namespace}/${id}`);
  }
  return found;
}

describe('KeepstepSaver', () => {
  it('keeps writes that come before their checkpoint, as with durability "exit"', async () => {
    const saver = new KeepstepSaver();
    await saver.putWrites(configOf('thread', '1'), [['__interrupt__', 'why']], 'task');
    await saver.put(configOf('thread'), checkpoint('1'), metadata, {});
    expect((await saver.getTuple(configOf('thread')))?.pendingWrites).toEqual([['task', '__interrupt__', 'why']]);
  });

  it('replaces a special write and keeps the first of any other, in one call with both', async () => {
    const saver = new KeepstepSaver();
    await saver.put(configOf('thread'), checkpoint('1'), metadata, {});
    await saver.putWrites(
      configOf('thread', '1'),
      [
        ['__resume__', 'first'],
        ['xs', 'first'],
      ],
      'task',
    );
    await saver.putWrites(
      configOf('thread', '1'),
      [
        ['__resume__', 'second'],
        ['xs', 'second'],
      ],
      'task',
    );
    expect((await saver.getTuple(configOf('thread')))?.pendingWrites).toEqual([
      ['task', '__resume__', 'second'],
      ['task', 'xs', 'first'],
    ]);
  });

  it('returns writes in the order of the paths of their tasks', async () => {
    const saver = new KeepstepSaver();
    await saver.put(configOf('thread'), checkpoint('1'), metadata, {});
    await saver.putWrites(configOf('thread', '1'), [['xs', 'second']], 'a', '~__pregel_pull, z');
    await saver.putWrites(configOf('thread', '1'), [['xs', 'first']], 'b', '~__pregel_pull, a');
    await saver.putWrites(configOf('thread', '1'), [['xs', 'input']], 'c');
    const writes = (await saver.getTuple(configOf('thread')))?.pendingWrites?.map(([, , value]) => value);
    expect(writes).toEqual(['input', 'first', 'second']);
  });

  it('lists over threads and namespaces, newest first, within bounds', async () => {
    const saver = new KeepstepSaver();
    for (const [thread, namespace, id] of [
      ['a', '', '1'],
      ['b', 'child:1|inner', '2'],
      ['a', 'child', '3'],
      ['b', '', '4'],
      ['a', 'child', '5'],
      ['a', '', '5'],
    ] as const) {
      await saver.put(configOf(thread, undefined, namespace), checkpoint(id), { ...metadata, step: Number(id) }, {});
    }
    expect(await idsOf(saver, {})).toEqual(['a//5', 'a/child/5', 'b//4', 'a/child/3', 'b/child:1|inner/2', 'a//1']);
    expect(await idsOf(saver, { configurable: { thread_id: 'a' } }, { limit: 2 })).toEqual(['a//5', 'a/child/5']);
    expect(await idsOf(saver, configOf('a'), { before: configOf('a', '5') })).toEqual(['a//1']);
    expect(await idsOf(saver, { configurable: { thread_id: 'a', checkpoint_id: '5' } })).toEqual(['a//5', 'a/child/5']);
    expect(await idsOf(saver, {}, { filter: { step: 4 } })).toEqual(['b//4']);
    expect(await idsOf(saver, {}, { filter: { __proto__: null, constructor: 4 } })).toEqual([]);
    expect(await idsOf(saver, {}, { limit: 0 })).toEqual([]);
  });

  it('lists a long thread whole', async () => {
    const saver = new KeepstepSaver();
    const ids = Array.from({ length: 100 }, (_, index) => String(1_000 - index));
    for (const id of ids) await saver.put(configOf('thread'), checkpoint(id), metadata, {});
    expect(await idsOf(saver, {})).toEqual(
      ids
        .toSorted()
        .toReversed()
        .map((id) => `thread//${id}`),
    );
  });

  it('stores a value once, and returns it with every checkpoint that has it', async () => {
    const store = memoryStore();
    const saver = new KeepstepSaver({ store });
    await saver.put(configOf('thread'), checkpoint('1', { big: 'value' }), metadata, { big: 1 });
    const drafts: unknown[] = [];
    const spied = new KeepstepSaver({ store: interceptedStore(store, (_, [draft]) => void drafts.push(draft)) });
    await spied.put(configOf('thread', '1'), checkpoint('2', { big: 'value' }), metadata, {});
    expect(drafts).toMatchObject([{ channels: [{ channel: 'big', version: '1' }] }]);
    expect(drafts).not.toMatchObject([{ channels: [{ value: expect.anything() as unknown }] }]);
    expect((await saver.getTuple(configOf('thread')))?.checkpoint.channel_values).toEqual({ big: 'value' });
  });

  it('keeps threads, copies them, prunes them, and deletes one alone', async () => {
    const saver = new KeepstepSaver();
    for (const id of ['1', '2', '3']) await saver.put(configOf('a'), checkpoint(id), metadata, {});
    await saver.copyThread('a', 'a:b');
    expect(await saver.prune({ threadId: 'a', keepLast: 1 })).toBe(2);
    expect(await idsOf(saver, {})).toEqual(['a//3', 'a:b//3', 'a:b//2', 'a:b//1']);
    await saver.deleteThread('a');
    expect(await idsOf(saver, {})).toEqual(['a:b//3', 'a:b//2', 'a:b//1']);
  });

  it('refuses ids that are no text, before the store is asked', async () => {
    const saver = new KeepstepSaver();
    const odd = { configurable: { thread_id: { $ne: '' } } };
    await expect(saver.put(odd, checkpoint('1'), metadata, {})).rejects.toThrow(InvalidArgumentError);
    await expect(saver.getTuple(odd)).rejects.toThrow('Invalid argument "thread_id"');
    await expect(saver.putWrites(configOf('thread'), [['xs', 1]], 'task')).rejects.toThrow('"checkpoint_id"');
    await expect(saver.deleteThread(undefined as unknown as string)).rejects.toThrow('"threadId"');
    await expect(saver.prune({ threadId: 'a', keepLast: 0 })).rejects.toThrow('"keepLast"');
  });

  it('refuses options that do not exist, and stores that keep no checkpoints', () => {
    expect(() => new KeepstepSaver({ ttl: 1 })).toThrow(InvalidOptionError);
    expect(() => new KeepstepSaver({ namespace: '' })).toThrow('"namespace"');
    const { checkpoints: _checkpoints, ...bare } = memoryStore();
    expect(() => new KeepstepSaver({ store: bare })).toThrow('a store that keeps checkpoints');
  });

  it('keeps checkpointers of different namespaces apart', async () => {
    const store = memoryStore();
    const [one, other] = [
      new KeepstepSaver({ store, namespace: 'one' }),
      new KeepstepSaver({ store, namespace: 'other' }),
    ];
    await one.put(configOf('thread'), checkpoint('1'), metadata, {});
    expect(await other.getTuple(configOf('thread'))).toBeUndefined();
  });

  it('asks again when the store fails, and says what is known when it goes on failing', async () => {
    const store = memoryStore();
    let failures = 2;
    const saver = new KeepstepSaver({
      store: interceptedStore(store, () => {
        failures -= 1;
        if (failures >= 0) throw new Error('out of reach');
      }),
    });
    await saver.put(configOf('thread'), checkpoint('1'), metadata, {});
    expect((await saver.getTuple(configOf('thread')))?.checkpoint.id).toBe('1');
    failures = Infinity;
    await expect(saver.getTuple(configOf('thread'))).rejects.toMatchObject({ code: 'state_unavailable' });
    await expect(saver.deleteThread('thread')).rejects.toMatchObject({ code: 'outcome_unknown', subject: 'thread' });
  });

  it('says so when what the store holds is damaged', async () => {
    const store = memoryStore();
    const port = await store.checkpoints?.('default');
    const nothing = new Uint8Array();
    await port?.put({
      thread: 'thread',
      namespace: '',
      id: '1',
      parent: undefined,
      record: nothing,
      metadata: nothing,
      channels: [],
    });
    const saver = new KeepstepSaver({ store });
    await expect(saver.getTuple(configOf('thread'))).rejects.toMatchObject({ code: 'data_corrupt' });
  });

  it('opens the store that a URL names, and closes it', async () => {
    const saver = KeepstepSaver.fromUrl('memory:');
    await saver.put(configOf('thread'), checkpoint('1'), metadata, {});
    expect(await idsOf(saver, {})).toEqual(['thread//1']);
    await saver.close();
  });
});
