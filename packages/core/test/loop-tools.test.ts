import { describe, expect, it, vi } from 'vitest';

import { createToolCache, type OtherOptions } from '../src/index.ts';
import { manualClock } from '../src/testing/index.ts';
import { heldTool } from './held-tool.ts';

type LoopPolicy = NonNullable<OtherOptions['loop']>;

/** Calls a tool that is neither read nor write, in one session, and tells which calls were refused. */
function givenTool(loop: LoopPolicy, answer: (call: number) => unknown = () => 'answer') {
  const clock = manualClock();
  const cache = createToolCache({ clock });
  const session = cache.openSession({ maxToolRepeats: 3, maxExecutionDepth: 1000 });
  let runs = 0;
  async function call(...args: unknown[]): Promise<string> {
    const execute = (): unknown => answer((runs += 1));
    return cache
      .call({ toolName: 'tool', args, session }, { kind: 'other', loop }, execute)
      .then(() => 'run')
      .catch((error: { rule?: string }) => error.rule ?? 'failed');
  }
  async function calls(count: number, ...args: unknown[]): Promise<string[]> {
    const seen: string[] = [];
    for (let index = 0; index < count; index += 1) seen.push(await call(...args));
    return seen;
  }
  return { clock, cache, session, call, calls };
}

const runs = (count: number): string[] => Array.from({ length: count }, () => 'run');

describe('loop.ignore', () => {
  it('names properties that do not tell two calls apart', async () => {
    const { call } = givenTool({ ignore: ['reason', 'attempt'] });
    const seen: string[] = [];
    for (let attempt = 1; attempt <= 4; attempt += 1)
      seen.push(await call({ query: 'a', reason: `try ${attempt}`, attempt }));
    expect(seen).toEqual(['run', 'run', 'run', 'repeats']);
    expect(await call({ query: 'b', reason: 'try 1', attempt: 1 })).toBe('run');
  });

  it('does not change what identifies a result in the cache', async () => {
    const cache = createToolCache();
    const run = vi.fn(async ({ query }: { query: string; reason: string }) => query);
    const read = cache.read(run, { name: 'read', scope: 'global', loop: { ignore: ['reason'] } });
    await cache.session({ maxToolRepeats: 2 }, async () => {
      await read({ query: 'a', reason: '1' });
      await read({ query: 'a', reason: '2' });
      expect(run).toHaveBeenCalledTimes(2);
      await expect(read({ query: 'a', reason: '3' })).rejects.toMatchObject({ rule: 'repeats' });
    });
  });
});

describe('loop.key', () => {
  it('says what identifies a call', async () => {
    const { call } = givenTool({ key: (text: string) => text.toLowerCase() });
    expect([await call('A'), await call('a'), await call('A'), await call('a'), await call('b')]).toEqual([
      'run',
      'run',
      'run',
      'repeats',
      'run',
    ]);
  });

  it.each([
    ['throws', () => fail()],
    ['returns what cannot be encoded', () => () => 1],
  ])('that %s makes every call one of its own', async (_, key) => {
    const { calls } = givenTool({ key });
    expect(await calls(10, 'a')).toEqual(runs(10));
  });
});

describe('loop.exempt', () => {
  it('takes a tool out of repeats and cycles', async () => {
    const { call, calls } = givenTool({ exempt: true });
    expect(await calls(20, 'a')).toEqual(runs(20));
    for (let round = 0; round < 5; round += 1) expect([await call('b'), await call('c')]).toEqual(['run', 'run']);
  });

  it('leaves it in the number of calls', async () => {
    const cache = createToolCache();
    const session = cache.openSession({ maxExecutionDepth: 3 });
    const policy = { kind: 'other', loop: { exempt: true } } as const;
    const call = (): Promise<unknown> => cache.call({ toolName: 'tool', args: [], session }, policy, () => 1);
    for (let index = 0; index < 3; index += 1) await call();
    await expect(call()).rejects.toMatchObject({ rule: 'depth' });
  });
});

describe('loop.poll', () => {
  it('lets a tool be asked until 20 answers in a row were the same', async () => {
    const { calls } = givenTool({ poll: true });
    expect(await calls(22, 'job')).toEqual([...runs(20), 'repeats', 'repeats']);
  });

  it('starts anew whenever the answer changes', async () => {
    const { calls } = givenTool({ poll: { maxUnchanged: 4 } }, (call) => `done ${Math.floor(call / 3)}`);
    expect(await calls(40, 'job')).toEqual(runs(40));
  });

  it('looks only at what resultKey says', async () => {
    const answer = (call: number): object => ({ progress: 50, at: call });
    const strict = givenTool(
      { poll: { maxUnchanged: 3 }, resultKey: ({ progress }: { progress: number }) => progress },
      answer,
    );
    expect(await strict.calls(5, 'job')).toEqual([...runs(3), 'repeats', 'repeats']);
    const fooled = givenTool({ poll: { maxUnchanged: 3 } }, answer);
    expect(await fooled.calls(10, 'job')).toEqual(runs(10));
  });

  it('takes the same failure again and again for no progress', async () => {
    const { calls } = givenTool({ poll: { maxUnchanged: 3 } }, fail);
    expect(await calls(5, 'job')).toEqual(['failed', 'failed', 'failed', 'repeats', 'repeats']);
  });

  it.each([
    ['an object without a prototype', Object.create(null) as unknown],
    ['an object that cannot be shown', { toString: fail }],
    ['a symbol', Symbol('no')],
    ['nothing', undefined],
  ])('leaves what the tool throws as it is: %s', async (_, thrown) => {
    const cache = createToolCache();
    const poll = cache.read(() => Promise.reject(thrown), { name: 'poll', scope: 'global', loop: { poll: true } });
    await cache.session({}, async () => {
      expect(await poll().catch((error: unknown) => error === thrown)).toBe(true);
    });
  });

  it('is an ordinary repetition without its pause', async () => {
    const poll = { minIntervalMs: 1000, maxUnchanged: 100 };
    const hasty = givenTool({ poll });
    expect(await hasty.calls(4, 'job')).toEqual([...runs(3), 'repeats']);
    const patient = givenTool({ poll });
    for (let call = 0; call < 50; call += 1) {
      expect(await patient.call('job')).toBe('run');
      await patient.clock.advance(1000);
    }
  });

  it('counts a poll that is answered from the cache', async () => {
    const cache = createToolCache();
    const poll = cache.read(async () => 'pending', {
      name: 'poll',
      scope: 'global',
      loop: { poll: { maxUnchanged: 3 } },
    });
    await cache.session({}, async () => {
      for (let call = 0; call < 3; call += 1) await poll();
      await expect(poll()).rejects.toMatchObject({ rule: 'repeats' });
    });
  });

  it('counts identical polls side by side once', async () => {
    const cache = createToolCache();
    const ask = heldTool<[], string>();
    const poll = cache.read(ask, { name: 'poll', scope: 'global', loop: { poll: { maxUnchanged: 3 } } });
    await cache.session({}, async () => {
      const polls = Array.from({ length: 10 }, () => poll());
      (await ask.call(0)).answer('pending');
      await Promise.all(polls);
      expect([await poll(), await poll()]).toEqual(['pending', 'pending']);
      await expect(poll()).rejects.toMatchObject({ rule: 'repeats' });
    });
  });
});

function fail(): never {
  throw new Error('no');
}
