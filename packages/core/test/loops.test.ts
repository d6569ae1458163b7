import { describe, expect, it, vi } from 'vitest';

import { AgentLoopDetectedError, createToolCache, type LoopOptions, type Session } from '../src/index.ts';
import { eventLog } from './event-log.ts';
import { heldTool } from './held-tool.ts';
import { quiescence } from './quiescence.ts';
import { givenSearch } from './sample-agents.ts';

async function times(count: number, call: (index: number) => Promise<unknown>): Promise<void> {
  for (let index = 0; index < count; index += 1) await call(index);
}

describe('the same call again and again', () => {
  it('is refused at the 6th time by default, before it runs', async () => {
    const { cache, charge, pay } = givenSearch();
    pay.mockResolvedValue('paid');
    await cache.session({}, async (session) => {
      await times(5, () => charge('ORD-1'));
      await expect(charge('ORD-1')).rejects.toMatchObject({
        name: 'AgentLoopDetectedError',
        code: 'loop_detected',
        rule: 'repeats',
        tool: 'charge_payment',
        path: ['charge_payment'],
        period: 1,
        repeats: 6,
        count: 6,
        limit: 5,
        hint: expect.stringContaining('charge_payment') as string,
        message: expect.stringMatching(/^Loop detected: .*charge_payment/) as string,
      });
      expect(session.metrics()).toMatchObject({ loopDetections: 1, upstreamCalls: 5 });
    });
    expect(pay).toHaveBeenCalledTimes(5);
  });

  it('counts although the cache has answered it', async () => {
    const { cache, searchWeb, search } = givenSearch();
    await cache.session({ maxToolRepeats: 3 }, async () => {
      await times(3, () => searchWeb('caching'));
      await expect(searchWeb('caching')).rejects.toThrow(AgentLoopDetectedError);
    });
    expect(search).toHaveBeenCalledTimes(1);
  });

  it('stays refused until the counters are reset', async () => {
    const { cache, searchWeb } = givenSearch();
    await cache.session({ maxToolRepeats: 2 }, async (session) => {
      await times(2, () => searchWeb('caching'));
      await times(3, () => expect(searchWeb('caching')).rejects.toMatchObject({ rule: 'repeats' }));
      session.reset();
      await times(2, () => searchWeb('caching'));
      expect(session.metrics().loopDetections).toBe(3);
    });
  });

  it('is no loop with other arguments, in another session, or without one', async () => {
    const { cache, searchWeb } = givenSearch();
    await cache.session({}, () => times(20, (index) => searchWeb(`query ${index}`)));
    for (const id of ['a', 'b', 'c']) await cache.session({ id }, () => times(5, () => searchWeb('caching')));
    await times(20, () => searchWeb('caching'));
    expect(cache.metrics().loopDetections).toBe(0);
  });

  it('leaves other sessions untouched when it is refused in one', async () => {
    const { cache, searchWeb } = givenSearch();
    const [one, two] = [cache.openSession({ maxToolRepeats: 2 }), cache.openSession({ maxToolRepeats: 2 })];
    await times(2, () => one.run(() => searchWeb('caching')));
    await expect(one.run(() => searchWeb('caching'))).rejects.toThrow(AgentLoopDetectedError);
    await times(2, () => two.run(() => searchWeb('caching')));
    expect(two.metrics()).toMatchObject({ hits: 2, loopDetections: 0 });
  });
});

describe('identical calls side by side', () => {
  it('count once', async () => {
    const cache = createToolCache();
    const fetch = heldTool<[string], string>();
    const read = cache.read(fetch, { name: 'read', scope: 'global' });
    await cache.session({ maxToolRepeats: 2 }, async (session) => {
      const reads = Array.from({ length: 50 }, () => read('a'));
      (await fetch.call(0)).answer('value');
      await Promise.all(reads);
      await read('a');
      await expect(read('a')).rejects.toMatchObject({ rule: 'repeats', count: 3 });
      expect(session.metrics()).toMatchObject({ coalesced: 49, hits: 1 });
    });
  });

  it('are warned about once', async () => {
    const log = eventLog();
    const cache = createToolCache({ onEvent: log.listener });
    const run = heldTool<[], string>();
    const write = cache.write(run, { name: 'write', invalidates: 'x', scope: 'global' });
    await cache.session({ maxToolRepeats: 1, onLoop: 'warn' }, async () => {
      const first = write();
      (await run.call(0)).answer('done');
      await first;
      const together = [write(), write(), write()];
      await quiescence();
      for (const { answer } of run.calls) answer('done');
      await Promise.all(together);
    });
    expect(log.of('loop-detected')).toHaveLength(1);
    expect(cache.metrics().loopDetections).toBe(1);
  });
});

describe('the number of calls', () => {
  it('is 50 by default', async () => {
    const { cache, searchWeb } = givenSearch();
    await cache.session({}, async () => {
      await times(50, (index) => searchWeb(`query ${index}`));
      await expect(searchWeb('one more')).rejects.toMatchObject({
        rule: 'depth',
        count: 51,
        limit: 50,
        message: expect.stringMatching(/^Loop detected: .*51/) as string,
      });
    });
  });

  it('and every other limit may be lifted', async () => {
    const { cache, searchWeb } = givenSearch();
    const options: LoopOptions = { maxExecutionDepth: Infinity, maxToolRepeats: Infinity };
    await cache.session(options, () => times(200, () => searchWeb('caching')));
    expect(cache.metrics().loopDetections).toBe(0);
  });

  it('includes calls that cannot be told apart, and tools that are no reads', async () => {
    const cache = createToolCache();
    const read = cache.read(async (_callback: () => void) => 1, { name: 'read', scope: 'global' });
    await cache.session({ maxExecutionDepth: 10, maxToolRepeats: 1 }, async () => {
      await times(5, () => read(() => undefined));
      await times(5, (index) => cache.call({ toolName: 'think', args: [index] }, { kind: 'other' }, () => 1));
      await expect(read(() => undefined)).rejects.toMatchObject({ rule: 'depth', count: 11 });
    });
  });
});

describe('a round of calls', () => {
  function givenTools(session: Session, cache = createToolCache()) {
    return (name: string, arg = 'x') =>
      cache.call({ toolName: name, args: [arg], session }, { kind: 'other' }, () => 'answer');
  }

  it.each([
    [['a', 'b', 'a', 'b']],
    [['a', 'b', 'c', 'a', 'b', 'c']],
    [['x', 'a', 'b', 'c', 'd', 'a', 'b', 'c', 'd']],
    [['a', 'a', 'b', 'a', 'a', 'b']],
  ])('is refused when its second time is about to be complete: %j', async (calls) => {
    const cache = createToolCache();
    const session = cache.openSession();
    const call = givenTools(session, cache);
    for (const name of calls.slice(0, -1)) await call(name);
    const round = calls.slice(calls.length - (calls.length - (calls[0] === 'x' ? 1 : 0)) / 2);
    await expect(call(calls.at(-1) as string)).rejects.toMatchObject({
      rule: 'cycle',
      path: round,
      period: round.length,
      message: `Cycle detected: ${round.join(' -> ')}`,
    });
  });

  it('is none when the arguments change', async () => {
    const cache = createToolCache();
    const session = cache.openSession();
    const call = givenTools(session, cache);
    for (const arg of ['1', '2', '3', '4', '5']) {
      await call('a', arg);
      await call('b', arg);
    }
    expect(session.metrics().loopDetections).toBe(0);
  });

  it('is broken by another call', async () => {
    const cache = createToolCache();
    const session = cache.openSession();
    const call = givenTools(session, cache);
    for (const name of ['a', 'b', 'a', 'c', 'b', 'a', 'b']) await call(name);
    expect(session.metrics().loopDetections).toBe(0);
  });
});

describe('a failing tool', () => {
  it('counts its failures, whose errors pass through, and is refused in the end', async () => {
    const { cache, charge, pay } = givenSearch();
    const seen: string[] = [];
    await cache.session({ maxToolRepeats: 3 }, () =>
      times(5, async () => charge('ORD-1').catch((error: Error) => seen.push(error.name))),
    );
    expect(seen).toEqual(['Error', 'Error', 'Error', 'AgentLoopDetectedError', 'AgentLoopDetectedError']);
    expect(pay).toHaveBeenCalledTimes(3);
  });

  it('that is refused invalidates nothing', async () => {
    const cache = createToolCache();
    const fetch = vi.fn(async () => 1);
    const read = cache.read(fetch, { name: 'read', scope: 'global', resource: 'x' });
    const write = cache.write(async () => 1, { name: 'write', scope: 'global', invalidates: 'x' });
    await cache.session({ maxToolRepeats: 1 }, async () => {
      await write();
      await read();
      await expect(write()).rejects.toThrow(AgentLoopDetectedError);
    });
    await read();
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(cache.metrics().invalidations).toBe(1);
  });
});
