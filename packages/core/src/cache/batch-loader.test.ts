import { describe, expect, it, vi } from 'vitest';

import { CallFrame } from '../session/call-frame.ts';
import { manualClock } from '../testing/manual-clock.ts';
import { BatchLoader, type LoadMany } from './batch-loader.ts';

function givenLoader(answer: LoadMany<number, string>, windowMs = 5, maxKeys = 3) {
  const clock = manualClock();
  const batches: number[][] = [];
  const loader = new BatchLoader<number, string>(
    async (keys) => {
      batches.push([...keys]);
      return answer(keys);
    },
    clock,
    windowMs,
    maxKeys,
  );
  const load = (key: number): Promise<string | undefined> =>
    loader.load(key, new CallFrame(`key ${key}`, 'tool', undefined));
  return { clock, batches, load };
}

const texts: LoadMany<number, string> = async (keys) => keys.map(String);

describe('BatchLoader', () => {
  it('waits for its window, counted from the first key', async () => {
    const { clock, batches, load } = givenLoader(texts);
    const first = load(1);
    await clock.advance(4);
    const second = load(2);
    expect(batches).toEqual([]);
    await clock.advance(1);
    expect(batches).toEqual([[1, 2]]);
    expect(await Promise.all([first, second])).toEqual(['1', '2']);
  });

  it('closes the window early when it is full, and leaves no timer behind', async () => {
    const { clock, batches, load } = givenLoader(texts);
    const loads = [1, 2, 3].map((key) => load(key));
    expect(await Promise.all(loads)).toEqual(['1', '2', '3']);
    expect(batches).toEqual([[1, 2, 3]]);
    expect(clock.pending()).toBe(0);
  });

  it('opens the next window while a batch is on its way', async () => {
    const answers = [Promise.withResolvers<string[]>(), Promise.withResolvers<string[]>()];
    const answer = vi.fn(async () => (answers[answer.mock.calls.length - 1] as (typeof answers)[number]).promise);
    const { clock, batches, load } = givenLoader(answer);
    const first = load(1);
    await clock.advance(5);
    const second = load(2);
    await clock.advance(5);
    expect(batches).toEqual([[1], [2]]);
    answers[1]?.resolve(['second']);
    expect(await second).toBe('second');
    answers[0]?.resolve(['first']);
    expect(await first).toBe('first');
  });

  it('runs a batch of one at once when the size is 1', async () => {
    const { batches, load } = givenLoader(texts, 5, 1);
    expect(await Promise.all([load(1), load(2)])).toEqual(['1', '2']);
    expect(batches).toEqual([[1], [2]]);
  });

  it('takes a map, in which keys may be missing', async () => {
    const { load } = givenLoader(async () => new Map([[2, 'two']]), 5, 2);
    expect(await Promise.all([load(1), load(2)])).toEqual([undefined, 'two']);
  });

  it('fails one key alone for an error in its place', async () => {
    const missing = new Error('no such key');
    const { load } = givenLoader(async () => ['one', missing], 5, 2);
    expect(await Promise.allSettled([load(1), load(2)])).toEqual([
      { status: 'fulfilled', value: 'one' },
      { status: 'rejected', reason: missing },
    ]);
  });

  it.each([[[]], [['one', 'two', 'three']], [{}], [null], [new Set(['one', 'two'])]])(
    'refuses %o for two keys',
    async (answer) => {
      const { load } = givenLoader(async () => answer as never, 5, 2);
      for (const each of await Promise.allSettled([load(1), load(2)])) {
        expect(each).toMatchObject({ status: 'rejected', reason: expect.any(TypeError) as TypeError });
      }
    },
  );
});
