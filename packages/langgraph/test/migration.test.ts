import { MemorySaver } from '@langchain/langgraph';
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint';
import { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite';
import { describe, expect, it } from 'vitest';

import { KeepstepSaver, migrateThreads, type MigrationProgress } from '../src/index.ts';
import { comparableHistory } from './comparable-history.ts';
import { chainGraph, durabilities, graphZoo } from './graph-zoo.ts';

const sources: readonly (readonly [name: string, open: () => BaseCheckpointSaver])[] = [
  ['MemorySaver', () => new MemorySaver()],
  ['SqliteSaver', () => SqliteSaver.fromConnString(':memory:')],
];

/** Stands for a process that dies in the middle of a migration. */
function dyingAfter(saver: KeepstepSaver, calls: number): KeepstepSaver {
  let left = calls;
  return new Proxy(saver, {
    get(target, name) {
      const own: unknown = Reflect.get(target, name);
      if (typeof own !== 'function') return own;
      return (...args: unknown[]): unknown => {
        if (name === 'put' || name === 'putWrites') left -= 1;
        if (left < 0) throw new Error('killed');
        return own.apply(target, args) as unknown;
      };
    },
  });
}

describe.each(sources)('threads that are copied from %s', (_name, open) => {
  describe.each(durabilities)('with durability %s', (durability) => {
    it.each(graphZoo)('have the same history, however often the copy dies: $name', async ({ build, run }) => {
      const [from, to] = [open(), new KeepstepSaver()];
      await run(build(from), { configurable: { thread_id: 'thread' }, durability });
      const expected = await comparableHistory(from, 'thread');
      expect(expected).not.toEqual([]);
      let deaths = 0;
      for (let calls = 0; ; calls += 1) {
        const progress = await migrateThreads({ from, to: dyingAfter(to, calls) }).catch(() => undefined);
        if (progress !== undefined) break;
        deaths += 1;
      }
      expect(deaths).toBeGreaterThan(0);
      expect(await comparableHistory(to, 'thread')).toEqual(expected);
      expect(await comparableHistory(from, 'thread')).toEqual(expected);
    });
  });

  it('go on where they were, and what has happened since stays when they are copied again', async () => {
    const [from, to] = [open(), new KeepstepSaver()];
    const config = { configurable: { thread_id: 'thread' } };
    await chainGraph(from).invoke({ steps: ['in'] }, { ...config, interruptBefore: ['c'] });
    await migrateThreads({ from, to });
    await chainGraph(to).invoke(null, config);
    const after = await comparableHistory(to, 'thread');
    expect((await chainGraph(to).getState(config)).values).toMatchObject({ steps: ['in', 'a', 'b', 'c'] });
    const { copied } = await migrateThreads({ from, to });
    expect(copied).toBe(0);
    expect(await comparableHistory(to, 'thread')).toEqual(after);
  });

  it('are told of one by one, all of them or those that are named', async () => {
    const from = open();
    for (const thread_id of ['a', 'b', 'a:b']) {
      await chainGraph(from).invoke({ steps: ['in'] }, { configurable: { thread_id } });
    }
    const told: MigrationProgress[] = [];
    const onProgress = (progress: MigrationProgress): void => void told.push(progress);
    const some = new KeepstepSaver();
    await migrateThreads({ from, to: some, threads: ['a:b'], onProgress });
    expect(told).toEqual([{ thread: 'a:b', threads: 1, copied: 5, skipped: 0 }]);
    expect(await migrateThreads({ from, to: some, onProgress })).toEqual({ threads: 3, copied: 10, skipped: 5 });
    expect(new Set(told.slice(1).map(({ thread }) => thread))).toEqual(new Set(['a', 'b', 'a:b']));
  });
});

it('refuses what is no checkpointer', async () => {
  const to = new KeepstepSaver();
  await expect(migrateThreads({ from: {} as never, to })).rejects.toThrow('"from"');
});
