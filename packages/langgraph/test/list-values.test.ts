import { memoryStore } from '@keepstep/core';
import { AIMessage } from '@langchain/core/messages';
import { MemorySaver } from '@langchain/langgraph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { KeepstepSaver } from '../src/keepstep-saver.ts';
import { message, put, read } from './list-channel.ts';

describe('whatever happens to a list between two puts', () => {
  const call = { name: 'f' };
  it.each<[string, unknown[]]>([
    ['nothing', []],
    ['values that JSON has', ['text', 1, null, true, { a: [1] }, []]],
    ['values that JSON has not', [undefined, NaN, -0, new Map([['a', 1]]), new Set([1]), new Date(0), /x/g]],
    ['bytes', [Uint8Array.of(1, 2)]],
    ['functions and symbols', ['text', () => 1, Symbol('is')]],
    ['an array with a gap', [1, , 2]], // eslint-disable-line no-sparse-arrays
    ['an error', [new Error('why')]],
    ['one object twice', Array.from({ length: 2 }, () => call)],
    ['many numbers', Array.from({ length: 2_000 }, (_, index) => index / 7)],
    ['messages', [message(0), new AIMessage('hello')]],
  ])('comes back from ours as it comes back from MemorySaver: %s', async (_, list) => {
    const reference = new MemorySaver();
    const own = new KeepstepSaver({ serde: reference.serde });
    for (const saver of [own, reference]) await put(saver, list);
    const found = await read(own);
    expect(found).toStrictEqual(await read(reference));
  });

  const change = fc.record({
    kind: fc.constantFrom('push', 'push', 'push', 'change', 'replace', 'remove', 'swap', 'read', 'prune', 'clear'),
    at: fc.nat(),
    saver: fc.nat(1),
    text: fc.constantFrom('x', 'y', 'a text that is so long that it has a piece of its own, '.repeat(4)),
  });

  it('is read back as it was put, at every checkpoint that is left', async () => {
    const property = fc.asyncProperty(fc.array(change, { maxLength: 30 }), async (changes) => {
      const store = memoryStore();
      const savers = [new KeepstepSaver({ store }), new KeepstepSaver({ store })] as const;
      let list: { text: string; deep?: { count: number } }[] = [];
      let expected: [id: string, json: string][] = [];
      for (const { kind, at, saver: which, text } of changes) {
        const saver = savers[which] as KeepstepSaver;
        const place = at % Math.max(1, list.length);
        const there = list[place];
        if (kind === 'push') list = list.concat({ text, deep: { count: at } });
        else if (kind === 'change' && there) there.deep = { count: at };
        else if (kind === 'replace' && there) list = list.with(place, { ...there, text });
        else if (kind === 'remove') list = list.toSpliced(place, 1);
        else if (kind === 'swap') list = list.toReversed();
        else if (kind === 'clear') list = [];
        else if (kind === 'read' && expected.length > 0) list = (await read(saver)) as typeof list;
        else if (kind === 'prune') {
          await saver.prune({ threadId: 'thread', keepLast: 2 });
          expected = expected.slice(-2);
        }
        expected.push([await put(saver, list), JSON.stringify(list)]);
      }
      const reader = new KeepstepSaver({ store });
      for (const [id, json] of expected) expect(JSON.stringify(await read(reader, id))).toBe(json);
    });
    await fc.assert(property, { numRuns: 150 });
  });
});
