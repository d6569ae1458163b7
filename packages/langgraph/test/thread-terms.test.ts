import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { memoryStore, type Store } from '@keepstep/core';
import { sqliteStore } from '@keepstep/core/sqlite';
import { manualClock } from '@keepstep/core/testing';
import { valkeyStore } from '@keepstep/core/valkey';
import { startCluster, startValkey, type ValkeyCluster, type ValkeyServer } from '@keepstep/test-servers';
import { DeltaChannel, StateGraph, START, Annotation } from '@langchain/langgraph';
import { emptyCheckpoint, type Checkpoint } from '@langchain/langgraph-checkpoint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { KeepstepSaver, type KeepstepSaverOptions } from '../src/index.ts';
import { chainGraph, type Runnable } from './graph-zoo.ts';
import { interceptedStore } from './intercepted-store.ts';

const metadata = { source: 'loop', step: 1, parents: {} } as const;
const HOUR = 3_600_000;

function configOf(thread: string, id?: string): { configurable: Record<string, string> } {
  return { configurable: { thread_id: thread, checkpoint_ns: '', ...(id !== undefined && { checkpoint_id: id }) } };
}

function checkpoint(id: string, value = 'value'): Checkpoint {
  return { ...emptyCheckpoint(), id, channel_values: { one: value }, channel_versions: { one: 1 } };
}

async function put(saver: KeepstepSaver, thread: string, id: string): Promise<void> {
  await saver.put(configOf(thread), checkpoint(id), metadata, { one: 1 });
}

async function threadsOf(saver: KeepstepSaver): Promise<readonly string[]> {
  return (await saver.threads.list()).threads.map(({ threadId }) => threadId);
}

/** Makes a graph with a channel that is stored whole at every fourth change, and made of what was written to it in between. */
function deltaGraph(checkpointer: KeepstepSaver): Runnable {
  const items = new DeltaChannel<string[], string[]>((all, more) => [...all, ...more.flat()], { snapshotFrequency: 4 });
  const State = Annotation.Root({ items: (() => items) as never, count: Annotation<number>() });
  return new StateGraph(State)
    .addNode('add', ({ count }) => ({ items: [`item ${count}`] }) as never)
    .addEdge(START, 'add')
    .compile({ checkpointer });
}

const folder = mkdtempSync(join(tmpdir(), 'keepstep-terms-'));
let alone: ValkeyServer;
let cluster: ValkeyCluster;
const stores = new Map<string, Store>();
let runs = 0;

beforeAll(async () => {
  [alone, cluster] = await Promise.all([startValkey({}), startCluster()]);
  stores.set('memory', memoryStore());
  stores.set('SQLite', sqliteStore({ path: join(folder, 'agent.db') }));
  stores.set('Valkey', valkeyStore({ url: alone.url }));
  stores.set('Valkey Cluster', valkeyStore({ url: cluster.url }));
});

afterAll(async () => {
  for (const store of stores.values()) await store.close();
  await Promise.all([alone?.stop(), cluster?.stop()]);
  rmSync(folder, { recursive: true });
});

describe.each(['memory', 'SQLite', 'Valkey', 'Valkey Cluster'])('on %s, KeepstepSaver', (name) => {
  /** Returns several checkpointers that share threads. */
  function open(...options: Omit<KeepstepSaverOptions, 'store' | 'namespace'>[]): KeepstepSaver[] {
    runs += 1;
    return options.map(
      (each) => new KeepstepSaver({ ...each, store: stores.get(name) as Store, namespace: `run ${runs}` }),
    );
  }

  it('lets one worker at a time change a thread, and tells the other who it is', async () => {
    const [one, other, free] = open({ ownership: { owner: 'one' } }, { ownership: true }, {}) as [
      KeepstepSaver,
      KeepstepSaver,
      KeepstepSaver,
    ];
    await put(one, 'a', '1');
    await put(one, 'a', '2');
    const held = { code: 'lock_held', owner: 'one' };
    await expect(put(other, 'a', '3')).rejects.toMatchObject(held);
    await expect(other.putWrites(configOf('a', '2'), [['xs', 1]], 'task')).rejects.toMatchObject(held);
    await expect(other.deleteThread('a')).rejects.toMatchObject(held);
    await expect(other.acquire('a')).rejects.toMatchObject(held);
    // Reading is free, and so are other threads.
    expect((await other.getTuple(configOf('a')))?.checkpoint.id).toBe('2');
    await put(other, 'b', '1');
    expect((await free.threads.list()).threads.map(({ checkpoints }) => checkpoints)).toEqual([2, 1]);
    const handle = await one.acquire('a');
    await handle[Symbol.asyncDispose]();
    await put(other, 'a', '3');
    await expect(put(one, 'a', '4')).rejects.toMatchObject({ code: 'lock_held' });
  });

  it('refuses a worker in the store that has not noticed that another one took over', async () => {
    const clock = manualClock();
    // The clock of a process that is stopped stands still, so it still believes that it owns the thread.
    const [stopped, next] = open({ ownership: { ttl: '1s' }, clock }, { ownership: { wait: '20s' } }) as [
      KeepstepSaver,
      KeepstepSaver,
    ];
    await put(stopped, 'a', '1');
    await put(next, 'a', '2');
    const stale = { code: 'stale_fence', subject: 'a' };
    await expect(put(stopped, 'a', '3')).rejects.toMatchObject(stale);
    // What it has lost stays lost, though nobody owns the thread any more.
    await (await next.acquire('a'))[Symbol.asyncDispose]();
    await expect(stopped.putWrites(configOf('a', '2'), [['xs', 1]], 'task')).rejects.toMatchObject({
      code: 'lock_lost',
    });
    await expect(stopped.deleteThread('a')).rejects.toMatchObject({ code: 'lock_lost' });
    const { checkpoint: left, pendingWrites } = (await next.getTuple(configOf('a'))) ?? {};
    expect([left?.id, pendingWrites]).toEqual(['2', []]);
    // Until it takes the thread anew.
    await using _owned = await stopped.acquire('a');
    await put(stopped, 'a', '3');
  });

  it('keeps the ancestors that a thread with delta channels is made of', async () => {
    const [saver] = open({}) as [KeepstepSaver];
    const graph = deltaGraph(saver);
    const config = { configurable: { thread_id: 'thread' } };
    for (let count = 0; count < 9; count += 1) await graph.invoke({ count }, config);
    const { values } = await graph.getState(config);
    expect((values as { items: string[] }).items).toHaveLength(9);
    const before = (await saver.threads.list()).threads[0]?.checkpoints as number;
    const gone = await saver.prune({ keepLast: 1 });
    expect(gone).toBeGreaterThan(0);
    // Only the checkpoints since the snapshot are needed; a naive prune leaves one.
    expect(before - gone).toBeGreaterThan(1);
    expect((await graph.getState(config)).values).toEqual(values);
    await graph.invoke({ count: 9 }, config);
    expect((await graph.getState(config)).values).toMatchObject({ count: 9 });
  });

  it('prunes while runs go on, and each of them ends as it would have', async () => {
    const [saver] = open({}) as [KeepstepSaver];
    const graph = chainGraph(saver);
    const over = new AbortController();
    const pruning = (async () => {
      let gone = 0;
      while (!over.signal.aborted) gone += await saver.prune({ keepLast: 1 });
      return gone;
    })();
    const threads = ['a', 'b', 'c'];
    for (let round = 1; round <= 5; round += 1) {
      const states = threads.map((thread_id) => graph.invoke({ steps: [`${round}`] }, { configurable: { thread_id } }));
      for (const state of (await Promise.all(states)) as { steps: string[] }[]) {
        expect(state.steps).toEqual(Array.from({ length: round }, (_, at) => [`${at + 1}`, 'a', 'b', 'c']).flat());
      }
    }
    over.abort();
    expect(await pruning).toBeGreaterThan(0);
    await saver.prune({ keepLast: 1 });
    for (const thread_id of threads) {
      const state = await graph.getState({ configurable: { thread_id } });
      expect((state.values as { steps: string[] }).steps).toHaveLength(20);
    }
    expect((await saver.threads.list()).threads.map(({ checkpoints }) => checkpoints)).toEqual([1, 1, 1]);
  });

  it('lists threads page by page, with what they hold', async () => {
    const [saver] = open({}) as [KeepstepSaver];
    for (const thread of ['a:1', 'a:2', 'a:3', 'b']) await put(saver, thread, '1');
    await put(saver, 'a:2', '2');
    const first = await saver.threads.list({ prefix: 'a:', limit: 2 });
    expect(first.threads).toMatchObject([
      { threadId: 'a:1', checkpoints: 1 },
      { threadId: 'a:2', checkpoints: 2 },
    ]);
    const [one, two] = first.threads.map(({ bytes }) => bytes);
    expect(two).toBeGreaterThan(one as number);
    const second = await saver.threads.list({ prefix: 'a:', limit: 2, cursor: first.cursor });
    expect(second).toMatchObject({ threads: [{ threadId: 'a:3' }], cursor: undefined });
  });
});

describe('with a ttl, KeepstepSaver', () => {
  it('lets a thread go that nobody has changed for so long', async () => {
    const clock = manualClock();
    const store = memoryStore({ clock });
    const saver = new KeepstepSaver({ store, ttl: '2h', clock });
    await put(saver, 'a', '1');
    await clock.advance(HOUR);
    await saver.putWrites(configOf('a', '1'), [['xs', 1]], 'task');
    await put(saver, 'b', '1');
    await clock.advance(HOUR);
    await saver.getTuple(configOf('a'));
    expect(await threadsOf(saver)).toEqual(['a', 'b']);
    await clock.advance(HOUR);
    expect(await threadsOf(saver)).toEqual([]);
    expect(await saver.getTuple(configOf('a'))).toBeUndefined();
    await put(saver, 'a', '1');
    expect((await saver.getTuple(configOf('a')))?.pendingWrites).toEqual([]);
  });

  it('lets a thread stay that is read, when reading is using', async () => {
    const clock = manualClock();
    const saver = new KeepstepSaver({ store: memoryStore({ clock }), ttl: '2h', refreshOn: 'read', clock });
    for (const thread of ['a', 'b']) await put(saver, thread, '1');
    await clock.advance(HOUR);
    await saver.getTuple(configOf('a'));
    await clock.advance(HOUR);
    expect(await threadsOf(saver)).toEqual(['a']);
  });

  it('gives a copy and an import a time of their own, and what an import has left behind one, too', async () => {
    const clock = manualClock();
    const store = memoryStore({ clock });
    const saver = new KeepstepSaver({ store, ttl: '2h', clock });
    await put(new KeepstepSaver({ store, clock }), 'a', '1');
    await saver.copyThread('a', 'copy');
    await saver.import(saver.export('a'), { threadId: 'imported' });
    const broken = interceptedStore(store, (method) => {
      if (method === 'copyThread' || method === 'deleteThread') throw new Error('out of reach');
    });
    await new KeepstepSaver({ store: broken, clock })
      .import(saver.export('a'), { threadId: 'lost' })
      .catch(() => undefined);
    const port = await store.checkpoints?.('default');
    const request = { prefix: '', after: undefined, limit: 10 };
    expect((await port?.threads(request))?.keys).toHaveLength(4);
    await clock.advance(2 * HOUR);
    expect(await threadsOf(saver)).toEqual(['a']);
    await clock.advance(24 * HOUR);
    expect((await port?.threads(request))?.keys).toEqual(['a']);
  });

  it('lets all keys of a thread on a server go at one time, later than the thread, and leaves none behind', async () => {
    const saver = new KeepstepSaver({ store: stores.get('Valkey') as Store, namespace: 'keys', ttl: '1h' });
    const keys = async (): Promise<string[]> => ((await alone.command('KEYS', '*keys/t.*')) as string[]).toSorted();
    for (const id of ['1', '2', '3']) await put(saver, 'thread', id);
    await saver.putWrites(configOf('thread', '1'), [['xs', 1]], 'task');
    await saver.putWrites(configOf('thread', '3'), [['xs', 1]], 'task');
    await saver.getTuple(configOf('thread'));
    const times = await Promise.all((await keys()).map(async (key) => alone.command('PEXPIRETIME', key)));
    expect(times.length).toBeGreaterThan(6);
    expect(new Set(times).size).toBe(1);
    expect(Number(times[0])).toBeGreaterThan(Date.now() + HOUR);
    await saver.deleteThread('thread');
    expect(await keys()).toEqual([]);
  });

  it('refuses times that are no good', () => {
    for (const ttl of ['10ms', '4000d', 0, '1y'] as never[]) {
      expect(() => new KeepstepSaver({ ttl })).toThrow('"ttl"');
    }
    expect(() => new KeepstepSaver({ refreshOn: 'always' as never })).toThrow('"refreshOn"');
    expect(() => new KeepstepSaver({ ownership: { lease: 1 } as never })).toThrow('"ownership.lease"');
    expect(() => new KeepstepSaver({ ownership: { ttl: 'x' as never } })).toThrow('"ownership.ttl"');
  });
});

describe('with ownership, KeepstepSaver', () => {
  it('keeps a thread by a heartbeat, however long a step takes, and gives it back when it is closed', async () => {
    const clock = manualClock();
    const store = memoryStore({ clock });
    const [one, other] = [
      new KeepstepSaver({ store, ownership: true, clock }),
      new KeepstepSaver({ store, ownership: true, clock }),
    ];
    await put(one, 'a', '1');
    for (let step = 0; step < 20; step += 1) await clock.advance(10_000);
    await expect(put(other, 'a', '2')).rejects.toMatchObject({ code: 'lock_held' });
    await put(one, 'a', '2');
    const closing = new KeepstepSaver({ store: { ...store, close: async () => undefined }, ownership: true, clock });
    await put(closing, 'b', '1');
    await closing.close();
    await put(other, 'b', '2');
  });

  it('hands a thread out as often as it is acquired, and takes it back with the last one', async () => {
    const store = memoryStore();
    const [one, other] = [new KeepstepSaver({ store, ownership: true }), new KeepstepSaver({ store, ownership: true })];
    const [first, second] = [await one.acquire('a'), await one.acquire('a')];
    await first[Symbol.asyncDispose]();
    await first[Symbol.asyncDispose]();
    await put(one, 'a', '1');
    await expect(put(other, 'a', '2')).rejects.toMatchObject({ code: 'lock_held' });
    await second[Symbol.asyncDispose]();
    await put(other, 'a', '2');
  });

  it('asks again for a thread that it could not have', async () => {
    const store = memoryStore();
    const [one, other] = [new KeepstepSaver({ store, ownership: true }), new KeepstepSaver({ store, ownership: true })];
    const handle = await one.acquire('a');
    await expect(put(other, 'a', '1')).rejects.toMatchObject({ code: 'lock_held' });
    await handle[Symbol.asyncDispose]();
    await put(other, 'a', '1');
  });

  it('acquires nothing when it is off', async () => {
    await expect(new KeepstepSaver().acquire('a')).rejects.toThrow('"ownership"');
  });
});

describe('pruning by age', () => {
  it('goes by the time at which LangGraph has made a checkpoint, and needs one of its options', async () => {
    const saver = new KeepstepSaver();
    await chainGraph(saver).invoke({ steps: [] }, { configurable: { thread_id: 'a' } });
    expect(await saver.prune({ olderThan: '1h' })).toBe(0);
    const clock = { now: () => Date.now() + 2 * HOUR, after: () => () => undefined };
    const store = memoryStore();
    const later = new KeepstepSaver({ store, clock });
    await chainGraph(later).invoke({ steps: [] }, { configurable: { thread_id: 'a' } });
    expect(await later.prune({ olderThan: '3h', threadId: 'a' })).toBe(0);
    expect(await later.prune({ olderThan: '1h', keepLast: 2, threadId: 'b' })).toBe(0);
    expect(await later.prune({ olderThan: '1h', keepLast: 2 })).toBe(3);
    await expect(saver.prune({})).rejects.toThrow('"keepLast"');
    await expect(saver.prune({ olderThan: 'old' as never })).rejects.toThrow('"olderThan"');
    await expect(saver.prune({ keepLst: 1 } as never)).rejects.toThrow('"keepLst"');
  });
});
