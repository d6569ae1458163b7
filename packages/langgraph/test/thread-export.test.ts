import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { memoryStore } from '@keepstep/core';
import { describe, expect, it } from 'vitest';

import { KeepstepSaver } from '../src/index.ts';
import { comparableHistory } from './comparable-history.ts';
import { chainGraph, graphZoo } from './graph-zoo.ts';
import { interceptedStore } from './intercepted-store.ts';

async function linesOf(saver: KeepstepSaver, thread = 'thread'): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of saver.export(thread)) lines.push(line);
  return lines;
}

async function threadIds(saver: KeepstepSaver): Promise<string[]> {
  const threads = new Set<string>();
  for await (const { config } of saver.list({})) threads.add(String(config.configurable?.['thread_id']));
  return [...threads];
}

async function run(saver: KeepstepSaver, thread = 'thread'): Promise<void> {
  await chainGraph(saver).invoke({ steps: ['in'] }, { configurable: { thread_id: thread } });
}

const encryption = { keys: [{ id: 'one', key: randomBytes(32) }] };

describe('a thread that is exported and imported', () => {
  it.each(graphZoo)('has the same history afterwards: $name', async ({ build, run: play }) => {
    const from = new KeepstepSaver();
    const to = new KeepstepSaver({ encryption, compression: 'gzip' });
    await play(build(from), { configurable: { thread_id: 'thread' }, durability: 'sync' });
    const lines = await linesOf(from);
    const { threadId, checkpoints } = await to.import(lines);
    expect([threadId, checkpoints]).toEqual(['thread', lines.length - 2]);
    expect(await comparableHistory(to, 'thread')).toEqual(await comparableHistory(from, 'thread'));
    expect(await linesOf(to)).toEqual(lines);
  });

  it('goes on from where it was, and can be forked', async () => {
    const [from, to] = [new KeepstepSaver(), new KeepstepSaver()];
    await run(from);
    await to.import(from.export('thread'), { threadId: 'other' });
    const graph = chainGraph(to);
    const config = { configurable: { thread_id: 'other' } };
    const states: { readonly config: object }[] = [];
    for await (const state of graph.getStateHistory(config)) states.push(state as { readonly config: object });
    await graph.updateState(states[1]?.config as object, { steps: ['another way'] });
    expect((await graph.getState(config)).values).toMatchObject({ steps: ['in', 'a', 'b', 'another way'] });
    await graph.invoke({ steps: ['again'] }, config);
  });

  it('stores a value that does not change once in the file', async () => {
    const saver = new KeepstepSaver();
    const big = 'x'.repeat(30_000);
    const config = { configurable: { thread_id: 'thread', checkpoint_ns: '' } };
    let at: object = config;
    for (const id of ['1', '2', '3', '4']) {
      const checkpoint = { v: 4, id, ts: '', channel_values: { big }, channel_versions: { big: 1 }, versions_seen: {} };
      const metadata = { source: 'loop', step: 1, parents: {} } as const;
      at = await saver.put(at, checkpoint, metadata, id === '1' ? { big: 1 } : {});
    }
    expect((await linesOf(saver)).join('').length).toBeLessThan(50_000);
  });

  it('passes through a file, whatever its id holds', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keepstep-export-'));
    const path = join(folder, 'thread.jsonl');
    const [from, to] = [new KeepstepSaver(), new KeepstepSaver()];
    const id = 'a:b {x} \u{1f600} \ud83d';
    await run(from, id);
    await pipeline(Readable.from(from.export(id)), createWriteStream(path));
    // Pieces of a size that cuts characters in two.
    expect((await to.import(createReadStream(path, { highWaterMark: 7 }))).threadId).toBe(id);
    expect(await comparableHistory(to, id)).toEqual(await comparableHistory(from, id));
    rmSync(folder, { recursive: true });
  });

  it('takes the place of a thread only when it is told to', async () => {
    const saver = new KeepstepSaver();
    await run(saver);
    await run(saver, 'other');
    const lines = await linesOf(saver);
    await expect(saver.import(lines)).rejects.toThrow('Invalid argument "threadId"');
    const imported = await saver.import(lines, { threadId: 'other', overwrite: true });
    expect(imported.threadId).toBe('other');
    expect(await linesOf(saver, 'other')).toEqual(await linesOf(saver).then((own) => relabelled(own, 'other')));
  });

  it('is refused for each line that is changed, missing, moved or twice there, with its number', async () => {
    const saver = new KeepstepSaver();
    await run(saver);
    const lines = await linesOf(saver);
    const target = new KeepstepSaver();
    const refused = async (file: readonly string[], line: number): Promise<void> => {
      const error = { code: 'data_corrupt', subject: `line ${line}` };
      await expect(target.import(file)).rejects.toMatchObject(error);
      expect(await threadIds(target)).toEqual([]);
    };
    for (const [index, line] of lines.entries()) {
      for (const at of [1, Math.floor(line.length / 2), line.length - 3]) {
        const changed = line.slice(0, at) + (line[at] === 'A' ? 'B' : 'A') + line.slice(at + 1);
        await refused(lines.with(index, changed), index + 1);
      }
      await refused(lines.toSpliced(index, 1), index === lines.length - 1 ? lines.length : index + 1);
      await refused(lines.toSpliced(index, 0, line), index + 2);
      // Cut off in the middle of the line, and right before it.
      await refused([...lines.slice(0, index), line.slice(0, line.length / 2)], index + 1);
      await refused(lines.slice(0, index), index + 1);
    }
    await refused(['no export\n'], 1);
  });

  it('is refused when it was cut in a byte of a character', async () => {
    const bytes = Buffer.from('{"format":"\u{1f600}"}');
    const importing = new KeepstepSaver().import([bytes.subarray(0, 13)]);
    await expect(importing).rejects.toMatchObject({ code: 'data_corrupt', subject: 'line 1' });
  });

  it('leaves what is there alone when the store fails on the way, and can be imported again', async () => {
    const store = memoryStore();
    const from = new KeepstepSaver();
    await run(from);
    await run(new KeepstepSaver({ store }));
    const before = await linesOf(new KeepstepSaver({ store }));
    const lines = await linesOf(from);
    for (let call = 1; ; call += 1) {
      let calls = 0;
      const broken = interceptedStore(store, (method) => {
        if (!['put', 'putWrites', 'copyThread'].includes(method)) return;
        calls += 1;
        if (calls >= call && calls < call + 3) throw new Error('out of reach');
      });
      const outcome = await new KeepstepSaver({ store: broken })
        .import(lines, { overwrite: true })
        .catch(() => 'failed');
      if (outcome !== 'failed') {
        expect(call).toBeGreaterThan(lines.length - 2);
        break;
      }
      expect(await linesOf(new KeepstepSaver({ store }))).toEqual(before);
      expect(await threadIds(new KeepstepSaver({ store }))).toEqual(['thread']);
      const port = await store.checkpoints?.('default');
      expect((await port?.threads({ prefix: '', after: undefined, limit: 10 }))?.keys).toEqual(['thread']);
    }
    expect(await linesOf(new KeepstepSaver({ store }))).toEqual(lines);
  });

  it('has no checkpoints where there is no thread', async () => {
    const saver = new KeepstepSaver();
    const lines = await linesOf(saver, 'nobody');
    expect(lines).toHaveLength(2);
    expect(await new KeepstepSaver().import(lines)).toEqual({ threadId: 'nobody', checkpoints: 0 });
  });

  it('cannot be named as those that are being filled', async () => {
    const saver = new KeepstepSaver();
    await expect(run(saver, '\0keepstep staging\0')).rejects.toThrow('"thread_id"');
  });
});

/** Returns an export under another id; its checksums are made anew. */
async function relabelled(lines: readonly string[], threadId: string): Promise<string[]> {
  const saver = new KeepstepSaver();
  await saver.import(lines, { threadId });
  return linesOf(saver, threadId);
}
