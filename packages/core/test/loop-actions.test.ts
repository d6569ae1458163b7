import { describe, expect, it, vi } from 'vitest';

import { AgentLoopDetectedError, createToolCache, type LoopFinding, type SessionOptions } from '../src/index.ts';
import { eventLog } from './event-log.ts';
import { manualClock } from '../src/testing/index.ts';

function givenSearch() {
  const log = eventLog();
  const clock = manualClock();
  const cache = createToolCache({ clock, onEvent: log.listener });
  const search = vi.fn(async (query: string) => `about ${query}`);
  const searchWeb = cache.read(search, { name: 'search_web', scope: 'global', resource: 'web', ttl: '1m' });
  const post = vi.fn(async (text: string) => `posted ${text}`);
  const publish = cache.write(post, { name: 'publish', scope: 'global', invalidates: 'page' });
  async function inSession(options: SessionOptions, calls: number, call: () => Promise<unknown>): Promise<unknown[]> {
    const answers: unknown[] = [];
    await cache.session(options, async () => {
      for (let index = 0; index < calls; index += 1) answers.push(await call().catch((error: unknown) => error));
    });
    return answers;
  }
  return { log, clock, cache, search, searchWeb, post, publish, inSession };
}

describe('onLoop "warn"', () => {
  it('lets every call run, counts all, and tells once and again at 2x, 4x, 8x', async () => {
    const { log, cache, post, publish, inSession } = givenSearch();
    const options: SessionOptions = { maxToolRepeats: 4, maxExecutionDepth: 1000, onLoop: 'warn' };
    const answers = await inSession(options, 50, () => publish('news'));
    expect(new Set(answers)).toEqual(new Set(['posted news']));
    expect(post).toHaveBeenCalledTimes(50);
    expect(cache.metrics().loopDetections).toBe(46);
    expect(log.of('loop-detected').map(({ finding, action }) => [action, finding.count])).toEqual([
      ['warn', 5],
      ['warn', 10],
      ['warn', 20],
      ['warn', 40],
    ]);
  });

  it('tells about every loop of its own', async () => {
    const { log, searchWeb, cache } = givenSearch();
    await cache.session({ maxToolRepeats: 1, onLoop: 'warn' }, async () => {
      for (const query of ['a', 'a', 'b', 'b']) await searchWeb(query);
    });
    expect(log.of('loop-detected').map(({ args }) => args)).toEqual([['a'], ['b']]);
  });
});

describe('onLoop "short_circuit"', () => {
  const options: SessionOptions = { maxToolRepeats: 1, onLoop: 'short_circuit' };

  it('answers a read with what is cached', async () => {
    const { search, searchWeb, inSession } = givenSearch();
    expect(await inSession(options, 3, () => searchWeb('a'))).toEqual(['about a', 'about a', 'about a']);
    expect(search).toHaveBeenCalledTimes(1);
  });

  it('says so in the outcome of a call', async () => {
    const { cache } = givenSearch();
    const policy = { kind: 'read', scope: 'global' } as const;
    await cache.session(options, async () => {
      const call = { toolName: 'read', args: [] };
      expect(await cache.call(call, policy, () => 'value')).toEqual({ status: 'miss', value: 'value' });
      expect(await cache.call(call, policy, () => 'other')).toEqual({ status: 'short-circuit', value: 'value' });
    });
  });

  it('answers a write, and a tool that is neither, with null', async () => {
    const { cache, post, publish, inSession } = givenSearch();
    expect(await inSession(options, 2, () => publish('news'))).toEqual(['posted news', null]);
    expect(post).toHaveBeenCalledTimes(1);
    const think = (): Promise<unknown> =>
      cache.call({ toolName: 'think', args: [] }, { kind: 'other' }, () => 'thought');
    expect(await inSession(options, 2, think)).toEqual([
      { status: 'executed', value: 'thought' },
      { status: 'short-circuit', value: null },
    ]);
  });

  it.each<[string, (given: ReturnType<typeof givenSearch>) => unknown]>([
    ['was invalidated', ({ cache }) => cache.invalidate('web')],
    ['is past its ttl', ({ clock }) => clock.advance(60_000)],
    ['was dropped', ({ searchWeb }) => searchWeb.invalidate('a')],
  ])('answers with null where the cached value %s', async (_, spoil) => {
    const given = givenSearch();
    await given.cache.session(options, async () => {
      await given.searchWeb('a');
      await spoil(given);
      expect(await given.searchWeb('a')).toBeNull();
    });
    expect(given.search).toHaveBeenCalledTimes(1);
  });

  it('never answers with an error, although the call has failed before', async () => {
    const { search, searchWeb, inSession } = givenSearch();
    const failure = new Error('503');
    search.mockRejectedValue(failure);
    expect(await inSession(options, 3, () => searchWeb('a'))).toEqual([failure, null, null]);
    expect(search).toHaveBeenCalledTimes(1);
  });

  it('answers with a copy', async () => {
    const { cache } = givenSearch();
    const read = cache.read(async () => ({ items: ['a'] }), { name: 'read', scope: 'global' });
    await cache.session(options, async () => {
      await read();
      (await read()).items.push('changed by a caller');
      expect(await read()).toEqual({ items: ['a'] });
    });
  });
});

describe('onLoop as a function', () => {
  it('gets the finding and decides case by case', async () => {
    const { log, search, searchWeb, inSession } = givenSearch();
    const findings: LoopFinding[] = [];
    const decisions = ['allow', 'warn', 'short_circuit', 'raise'] as const;
    const onLoop = (finding: LoopFinding) => decisions[findings.push(finding) - 1] ?? 'raise';
    search.mockRejectedValue(new Error('503'));
    const answers = await inSession({ maxToolRepeats: 1, onLoop }, 5, () => searchWeb('a'));
    expect(answers.map((answer) => (answer instanceof Error ? answer.name : answer))).toEqual([
      'Error', // the first call, no loop yet
      'Error', // allowed to run
      'Error', // warned and run
      null, // short-circuited
      'AgentLoopDetectedError',
    ]);
    expect(findings.map(({ rule, count }) => `${rule} ${count}`)).toEqual([
      'repeats 2',
      'repeats 3',
      'repeats 4',
      'repeats 5',
    ]);
    expect(log.of('loop-detected').map(({ action }) => action)).toEqual(['allow', 'short_circuit', 'raise']);
  });

  it.each([
    ['a promise', async () => 'allow'],
    ['nothing', () => undefined],
    ['nonsense', () => 'perhaps'],
    ['true', () => true],
  ])('means "raise" when it answers with %s', async (_, onLoop) => {
    const { searchWeb, inSession } = givenSearch();
    const answers = await inSession({ maxToolRepeats: 1, onLoop: onLoop as never }, 2, () => searchWeb('a'));
    expect(answers[1]).toBeInstanceOf(AgentLoopDetectedError);
  });

  it('that throws reaches the caller, and the tool does not run', async () => {
    const { search, searchWeb, inSession } = givenSearch();
    const failure = new Error('ask the supervisor');
    const onLoop = (): never => {
      throw failure;
    };
    expect((await inSession({ maxToolRepeats: 1, onLoop }, 2, () => searchWeb('a')))[1]).toBe(failure);
    expect(search).toHaveBeenCalledTimes(1);
  });

  it('decides for children too', async () => {
    const { cache, searchWeb } = givenSearch();
    const onLoop = vi.fn(() => 'allow' as const);
    const child = cache.openSession({ maxToolRepeats: 1, onLoop }).child();
    await child.run(() => searchWeb('a'));
    await child.run(() => searchWeb('a'));
    expect(onLoop).toHaveBeenCalledTimes(1);
  });
});
