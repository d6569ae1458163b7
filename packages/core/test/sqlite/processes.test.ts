import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import type { CacheMetrics } from '../../src/index.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { startChild, type Child } from './child.ts';
import { SharedSource } from './shared-source.ts';

let storePath: string;
let source: SharedSource;
let start: () => Promise<Child>;

beforeEach(() => {
  const folder = scratchFolder();
  const sourcePath = join(folder, 'source.db');
  storePath = join(folder, 'agent.db');
  source = new SharedSource(sourcePath);
  onTestFinished(() => source.close());
  start = () => startChild('./agent-process.ts', { storePath, sourcePath });
});

function startAll(count: number): Promise<Child[]> {
  return Promise.all(Array.from({ length: count }, start));
}

/** Waits for something that another process does. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

function read(child: Child, name = 'apple', times = 1): Promise<number[]> {
  return child.ask({ do: 'read', name, times });
}

function metrics(child: Child): Promise<CacheMetrics> {
  return child.ask({ do: 'metrics' });
}

function integrity(): unknown {
  const connection = new DatabaseSync(storePath);
  const found = connection.prepare('PRAGMA integrity_check').all();
  connection.close();
  return found.map((row) => row['integrity_check']);
}

describe('processes on one file', () => {
  it('run one load for a hundred reads at once', async () => {
    const children = await startAll(4);
    for (const child of children) await child.ask({ do: 'pace', loadMs: 200 });
    const values = await Promise.all(children.map((child) => read(child, 'apple', 25)));
    expect(values.flat()).toEqual(Array.from({ length: 100 }, () => 1));
    expect(source.countOf('loads of apple')).toBe(1);
    const upstream = await Promise.all(children.map(async (child) => (await metrics(child)).upstreamCalls));
    expect(upstream.reduce((sum, calls) => sum + calls)).toBe(1);
  });

  it('see what one of them has written, and share what one of them has loaded', async () => {
    const [a, b] = (await startAll(2)) as [Child, Child];
    for (let version = 1; version < 20; version += 1) {
      expect(await read(a)).toEqual([version]);
      expect(await read(b)).toEqual([version]);
      expect(source.countOf('loads of apple')).toBe(version);
      await (version % 2 === 0 ? a : b).ask({ do: 'change', name: 'apple' });
    }
  });

  it('find after a start what others have stored before they ended', async () => {
    const [a] = (await startAll(1)) as [Child];
    await read(a);
    await a.ask({ do: 'close' });
    await a.kill();
    const b = await start();
    expect(await read(b)).toEqual([1]);
    expect((await metrics(b)).hits).toBe(1);
  });

  it('share a session by its id', async () => {
    const [a, b] = (await startAll(2)) as [Child, Child];
    const opened = async (child: Child): Promise<number> => child.ask({ do: 'inSession', id: 's1', name: 'apple' });
    expect([await opened(a), await opened(b)]).toEqual([1, 1]);
  });

  it('make one file of it, however many open it for the first time at once', async () => {
    const children = await startAll(6);
    const values = await Promise.all(children.map((child, index) => read(child, `product ${index}`)));
    expect(values.flat()).toEqual([1, 1, 1, 1, 1, 1]);
    expect(integrity()).toEqual(['ok']);
  });
});

describe('a process that is killed', () => {
  it('while it loads is replaced by the next reader', async () => {
    const [a, b] = (await startAll(2)) as [Child, Child];
    await a.ask({ do: 'pace', loadMs: Infinity });
    const lost = read(a).catch((error: Error) => error.message);
    await until(() => source.countOf('loads of apple') === 1);
    const waiting = read(b, 'apple', 10);
    await a.kill();
    expect(await lost).toBe('The process is gone.');
    expect(await waiting).toEqual(Array.from({ length: 10 }, () => 1));
    expect(source.countOf('loads of apple')).toBe(2);
  });

  it('between its change and its invalidation leaves nothing stale behind', async () => {
    const [a, b, c] = (await startAll(3)) as [Child, Child, Child];
    expect([await read(a), await read(b), await read(c)]).toEqual([[1], [1], [1]]);
    await a.ask({ do: 'pace', writeMs: Infinity });
    a.ask({ do: 'change', name: 'apple' }).catch(() => undefined);
    await until(() => source.read('apple') === 2);
    await a.kill();
    expect([await read(b), await read(c)]).toEqual([[2], [2]]);
    // Once its barrier is over, results are stored and shared again.
    await until(async () => {
      const before = (await metrics(b)).hits;
      expect(await read(b)).toEqual([2]);
      return (await metrics(b)).hits > before;
    });
    expect(await read(c)).toEqual([2]);
  });

  it('at any moment leaves a file that others go on with', async () => {
    const survivor = await start();
    for (let round = 0; round < 4; round += 1) {
      const victim = await start();
      const names = Array.from({ length: 400 }, (_, index) => `${round} ${index}`);
      const work = Promise.all(names.flatMap((name) => [read(victim, name), victim.ask({ do: 'change', name })]));
      void work.catch(() => undefined);
      await until(() => source.countOf(`loads of ${round} ${round * 20}`) > 0);
      await victim.kill();
      for (const name of names.slice(0, 5)) expect(await read(survivor, name)).toEqual([source.read(name)]);
      expect(integrity()).toEqual(['ok']);
    }
  });
});
