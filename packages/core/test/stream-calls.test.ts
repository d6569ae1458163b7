import { describe, expect, it } from 'vitest';

import { createToolCache } from '../src/create-tool-cache.ts';
import type { ToolPolicy } from '../src/tool-policy.ts';
import { quiescence } from './quiescence.ts';

const READ: ToolPolicy = { kind: 'read', scope: 'global' };
const CALL = { toolName: 'search', args: [{ query: 'laptop' }] };

function given() {
  const cache = createToolCache();
  let runs = 0;
  async function* search() {
    runs += 1;
    yield 'one';
    yield 'two';
    return ['one', 'two'];
  }
  return { cache, search, runs: () => runs };
}

async function drained<Part, Result>(stream: AsyncGenerator<Part, Result>) {
  const parts: Part[] = [];
  for (;;) {
    const { done, value } = await stream.next();
    if (done === true) return { parts, outcome: value };
    parts.push(value);
  }
}

describe('cache.stream', () => {
  it('yields the parts of a tool that runs, and answers a hit with its result alone', async () => {
    const { cache, search, runs } = given();
    const value = ['one', 'two'];
    expect(await drained(cache.stream(CALL, READ, search))).toEqual({
      parts: ['one', 'two'],
      outcome: { status: 'miss', value },
    });
    expect(await drained(cache.stream(CALL, READ, search))).toEqual({ parts: [], outcome: { status: 'hit', value } });
    expect(runs()).toBe(1);
  });

  it('runs nothing until somebody asks for the first part', async () => {
    const { cache, search, runs } = given();
    const stream = cache.stream(CALL, READ, search);
    await quiescence();
    expect(runs()).toBe(0);
    await stream.return(undefined as never);
    expect(runs()).toBe(0);
  });

  it('lets a call that joins wait for the result', async () => {
    const { cache, search, runs } = given();
    const both = [cache.stream(CALL, READ, search), cache.stream(CALL, READ, search)].map(drained);
    const [first, second] = await Promise.all(both);
    expect(first?.parts).toEqual(['one', 'two']);
    expect(second).toEqual({ parts: [], outcome: { status: 'coalesced', value: ['one', 'two'] } });
    expect(runs()).toBe(1);
  });

  it('hands out the parts before an error, and then the very error', async () => {
    const { cache } = given();
    const error = new Error('the index is gone');
    const stream = cache.stream(CALL, READ, async function* failing() {
      yield 'one';
      throw error;
    });
    expect(await stream.next()).toEqual({ done: false, value: 'one' });
    await expect(stream.next()).rejects.toBe(error);
  });

  it('tells the tool to stop when its only caller leaves, and stores nothing', async () => {
    const { cache, search, runs } = given();
    let isTidy = false;
    let signal: AbortSignal | undefined;
    const stream = cache.stream(CALL, READ, async function* endless(execution) {
      ({ signal } = execution);
      try {
        for (;;) {
          await quiescence();
          yield 'more';
        }
      } finally {
        isTidy = true;
      }
    });
    await stream.next();
    await stream.return(undefined as never);
    await quiescence();
    await quiescence();
    expect(signal?.aborted).toBe(true);
    expect(isTidy).toBe(true);
    await drained(cache.stream(CALL, READ, search));
    expect(runs()).toBe(1);
  });

  it('goes on for others when the caller that runs the tool leaves', async () => {
    const { cache } = given();
    const gate = Promise.withResolvers<void>();
    async function* slow() {
      yield 'one';
      await gate.promise;
      yield 'two';
      return 'both';
    }
    const first = cache.stream(CALL, READ, slow);
    await first.next();
    const second = drained(cache.stream(CALL, READ, slow));
    await quiescence();
    await first.return(undefined as never);
    gate.resolve();
    expect(await second).toEqual({ parts: [], outcome: { status: 'coalesced', value: 'both' } });
  });

  it('stops waiting at the signal of its caller, at once', async () => {
    const { cache } = given();
    const controller = new AbortController();
    const stream = cache.stream({ ...CALL, signal: controller.signal }, READ, async function* stuck() {
      yield 'one';
      await new Promise(() => undefined);
    });
    await stream.next();
    const next = stream.next();
    const reason = new Error('stopped by the user');
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
  });

  it('refuses a call that is none', async () => {
    const { cache, search } = given();
    await expect(cache.stream({ toolName: '', args: [] }, READ, search).next()).rejects.toThrow(
      'Invalid argument "call.toolName"',
    );
  });
});
