import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { memoryStore, type CheckpointDraft, type Store } from '@keepstep/core';
import { sqliteStore } from '@keepstep/core/sqlite';
import { AIMessage, type HumanMessage } from '@langchain/core/messages';
import { MemorySaver } from '@langchain/langgraph';
import { describe, expect, it, onTestFinished } from 'vitest';

import { KeepstepSaver } from '../src/keepstep-saver.ts';
import { KeepstepSerializer } from '../src/serializer/keepstep-serializer.ts';
import { interceptedStore } from './intercepted-store.ts';
import { message, put, read } from './list-channel.ts';

/** Returns a checkpointer on a store, and the drafts that it puts. */
function watched(store: Store): { readonly saver: KeepstepSaver; readonly drafts: CheckpointDraft[] } {
  const drafts: CheckpointDraft[] = [];
  const look = (method: string, [draft]: readonly unknown[]): void => {
    if (method === 'put') drafts.push(draft as CheckpointDraft);
  };
  return { saver: new KeepstepSaver({ store: interceptedStore(store, look) }), drafts };
}

function piecesIn(draft: CheckpointDraft | undefined): number | undefined {
  return draft?.channels[0]?.list?.pieces.length;
}

function bytesIn(draft: CheckpointDraft | undefined): number {
  const values = draft?.channels.flatMap(({ value, list }) => [
    value ?? [],
    ...(list?.pieces.map((p) => p.value) ?? []),
  ]);
  return [draft?.record ?? [], draft?.metadata ?? [], ...(values ?? [])].reduce((sum, { length }) => sum + length, 0);
}

describe('a list that grows', () => {
  it('costs at the 1,000th put what it costs at the 10th', async () => {
    const { saver, drafts } = watched(memoryStore());
    let list: HumanMessage[] = [];
    let after: string | undefined;
    for (let index = 0; index < 1_000; index += 1) {
      list = list.concat(message(index));
      after = await put(saver, list, after === undefined ? {} : { after });
    }
    expect(drafts).toHaveLength(1_000);
    expect(new Set(drafts.map(piecesIn))).toEqual(new Set([1]));
    const sizes = [10, 100, 1_000].map((place) => bytesIn(drafts[place - 1]));
    expect(Math.max(...sizes)).toBeLessThan(1.05 * Math.min(...sizes));
    expect(await read(saver)).toEqual(list);
  });

  it('goes on in another process from what it has read, with what is new', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keepstep-langgraph-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'agent.db');
    const list = Array.from({ length: 50 }, (_, index) => message(index));
    const before = new KeepstepSaver({ store: sqliteStore({ path }) });
    const first = await put(before, list);
    await before.close();
    const { saver, drafts } = watched(sqliteStore({ path }));
    onTestFinished(() => saver.close());
    const found = (await read(saver)) as HumanMessage[];
    expect(found).toEqual(list);
    const last = await put(saver, [...found, message(50)], { after: first });
    expect(drafts.map(piecesIn)).toEqual([1]);
    expect(await read(saver, last)).toEqual([...list, message(50)]);
  });

  it('is shared by the graph and a subgraph that is given it', async () => {
    const { saver, drafts } = watched(memoryStore());
    const list = Array.from({ length: 20 }, (_, index) => message(index));
    await put(saver, list);
    await put(saver, list, { namespace: 'child:1' });
    await put(saver, [...list, message(20)], { namespace: 'child:2' });
    await put(saver, [...list, message(21)]);
    expect(drafts.map(piecesIn)).toEqual([20, 0, 1, 1]);
    expect(await read(saver, undefined, 'child:1')).toEqual(list);
    expect(await read(saver, undefined, 'child:2')).toEqual([...list, message(20)]);
    expect(await read(saver)).toEqual([...list, message(21)]);
  });

  it('is sent in part also when all of its elements are new objects that hold the same', async () => {
    const { saver, drafts } = watched(memoryStore());
    const list = (length: number) => Array.from({ length }, (_, index) => message(index));
    for (const length of [30, 31, 33, 20]) await put(saver, list(length));
    expect(drafts.map(piecesIn)).toEqual([30, 1, 2, 0]);
    expect(await read(saver)).toEqual(list(20));
  });
});

describe('an element that somebody changes in place', () => {
  class Counter {
    #count = 0;
    add(): void {
      this.#count += 1;
    }
    toJSON(): object {
      return { count: this.#count };
    }
  }

  const call = { id: 'c', name: 'f', args: { deep: { a: 1 } } };
  it.each<[string, () => object, (element: never) => void, isKept?: boolean]>([
    ['an object', () => ({ a: { b: [1] } }), (element: { a: { b: number[] } }) => void element.a.b.push(2)],
    ['a message', () => message(1), (element: HumanMessage) => (element.content = 'other')],
    [
      'a call in a message',
      () => new AIMessage({ content: '', tool_calls: [structuredClone(call)] }),
      (element: AIMessage) => (element.tool_calls![0]!.args['deep'].a = 2),
    ],
    ['a map', () => new Map([['a', 1]]), (element: Map<string, number>) => void element.set('a', 2)],
    ['a date', () => new Date(0), (element: Date) => void element.setTime(1)],
    ['an object with state of its own', () => new Counter(), (element: Counter) => element.add(), false],
  ])(
    'is stored as it is now, and stays in older checkpoints what it was: %s',
    async (_, make, change, isKept = true) => {
      for (const serde of [...(isKept ? [new KeepstepSerializer()] : []), new MemorySaver().serde]) {
        const store = memoryStore();
        const saver = new KeepstepSaver({ store, serde });
        // One that remembers nothing.
        const asItIs = async (elements: readonly unknown[]): Promise<unknown> => {
          const fresh = new KeepstepSaver({ serde });
          return read(fresh, await put(fresh, elements));
        };
        const list = [message(0), make(), message(2), message(3)];
        const first = await put(saver, list);
        const before = await asItIs(list);
        change(list[1] as never);
        list.push(message(4));
        const second = await put(saver, list, { after: first });
        const later = await asItIs(list);
        const unchanged = await put(saver, list, { after: second });
        expect((later as unknown[])[1]).not.toEqual((before as unknown[])[1]);
        for (const reader of [saver, new KeepstepSaver({ store, serde })]) {
          expect(await read(reader, first)).toEqual(before);
          expect(await read(reader, second)).toEqual(later);
          expect(await read(reader, unchanged)).toEqual(later);
        }
      }
    },
  );

  it('is stored as it was when the put began', async () => {
    const saver = new KeepstepSaver();
    const list = [message(0), message(1)];
    await put(saver, list);
    const next = [...list, message(2)];
    const storing = put(saver, next);
    for (const each of next) each.content = 'too late';
    next.push(message(3));
    const id = await storing;
    expect(await read(saver, id)).toEqual([message(0), message(1), message(2)]);
    const later = await put(saver, next);
    expect(((await read(saver, later)) as HumanMessage[]).map(({ content }) => content)).toEqual([
      'too late',
      'too late',
      'too late',
      message(3).content,
    ]);
  });
});

describe('an element that cannot be kept', () => {
  it('is named by its place in the list, and leaves everything as it was', async () => {
    const { saver, drafts } = watched(memoryStore());
    const list = [message(0), message(1)];
    await put(saver, list);
    const socket = { deep: [new (class Socket {})()] };
    await expect(put(saver, [...list, socket])).rejects.toMatchObject({ code: 'not_encodable', path: '$[2].deep[0]' });
    await expect(put(saver, [...list, socket])).rejects.toThrow('the channel "list"');
    expect(drafts).toHaveLength(1);
    await put(saver, [...list, message(2)]);
    expect(await read(saver)).toEqual([...list, message(2)]);
  });
});

describe('two checkpointers on one thread', () => {
  it('go on from each other, each with the messages that it has in mind', async () => {
    const store = memoryStore();
    const savers = [new KeepstepSaver({ store }), new KeepstepSaver({ store })] as const;
    const expected: [id: string, list: unknown][] = [];
    let list: HumanMessage[] = [];
    let after: string | undefined;
    for (let index = 0; index < 20; index += 1) {
      const saver = savers[index % 2] as KeepstepSaver;
      // Every third time it goes on without a look.
      if (index % 3 !== 0) list = (await read(saver)) as HumanMessage[];
      list = list.concat(message(index));
      after = await put(saver, list, after === undefined ? {} : { after });
      expected.push([after, list.slice()]);
    }
    for (const [id, wanted] of expected) for (const saver of savers) expect(await read(saver, id)).toEqual(wanted);
  });

  it('store a list whole again that the other one has pruned, deleted, or put something else in place of', async () => {
    const store = memoryStore();
    const { saver, drafts } = watched(store);
    const other = new KeepstepSaver({ store });
    const list = Array.from({ length: 5 }, (_, index) => message(index));
    await put(saver, list);
    await other.deleteThread('thread');
    await put(saver, [...list, message(5)]);
    await put(other, ['else']);
    await other.prune({ threadId: 'thread', keepLast: 1 });
    await put(saver, [...list, message(6)]);
    await put(other, ['else'], { thread: 'copied' });
    await other.copyThread('copied', 'thread');
    const last = await put(saver, [...list, message(7)]);
    expect(drafts.map(piecesIn)).toEqual([5, 1, 6, 1, 6, 1, 6]);
    expect(await read(new KeepstepSaver({ store }), last)).toEqual([...list, message(7)]);
  });
});
