import { describe, expect, it, vi } from 'vitest';

import { AgentLoopDetectedError, createToolCache, currentSession } from '../src/index.ts';
import { givenDesk } from './sample-agents.ts';

describe('a child session', () => {
  it('shares entries with its parent and its siblings', async () => {
    const { cache, getTicket, updateTicket, fetchTicket } = givenDesk();
    const parent = cache.openSession({ id: 'a' });
    const [one, two] = [parent.child({ agent: 'one' }), parent.child({ agent: 'two' })];
    await parent.run(() => getTicket('T-1'));
    await one.run(() => getTicket('T-1'));
    await two.run(() => getTicket('T-1'));
    expect(fetchTicket).toHaveBeenCalledTimes(1);
    await one.run(() => updateTicket('T-1', 'closed'));
    expect((await parent.run(() => getTicket('T-1'))).reads).toBe(2);
    expect((await two.run(() => getTicket('T-1'))).reads).toBe(2);
  });

  it('works for the same user', async () => {
    const cache = createToolCache();
    const fetch = vi.fn(async () => fetch.mock.calls.length);
    const getProfile = cache.read(fetch, { name: 'get_profile', scope: 'user' });
    const parent = cache.openSession({ id: 'a', userId: 'ada' });
    const child = parent.child();
    expect(child.userId).toBe('ada');
    expect(await child.run(() => getProfile())).toBe(1);
    expect(await parent.run(() => getProfile())).toBe(1);
  });

  it('is the active session inside its run', async () => {
    const parent = createToolCache().openSession({ id: 'a' });
    const child = parent.child();
    parent.run(() => {
      child.run((session) => expect(currentSession()).toBe(session));
      expect(currentSession()).toBe(parent);
    });
    expect(child.id).not.toBe(parent.id);
  });

  it('counts repeats for itself', async () => {
    const { cache, getTicket } = givenDesk();
    const parent = cache.openSession({ id: 'a', maxToolRepeats: 2 });
    const child = parent.child();
    for (const session of [parent, child, parent, child]) await session.run(() => getTicket('T-1'));
    await expect(child.run(() => getTicket('T-1'))).rejects.toMatchObject({ rule: 'repeats', count: 3 });
    await expect(parent.run(() => getTicket('T-1'))).rejects.toMatchObject({ rule: 'repeats', count: 3 });
  });

  it('draws on the call budget of its parent', async () => {
    const { cache, getTicket } = givenDesk();
    const parent = cache.openSession({ id: 'a', maxExecutionDepth: 4 });
    const [one, two] = [parent.child(), parent.child()];
    await parent.run(() => getTicket('T-1'));
    await one.run(() => getTicket('T-2'));
    await two.run(() => getTicket('T-3'));
    await one.child().run(() => getTicket('T-4'));
    await expect(two.run(() => getTicket('T-5'))).rejects.toMatchObject({ rule: 'depth', count: 5, limit: 4 });
    await expect(parent.run(() => getTicket('T-6'))).rejects.toMatchObject({ rule: 'depth', count: 6, limit: 4 });
  });

  it('may have a smaller budget and other options of its own', async () => {
    const { cache, getTicket } = givenDesk();
    const parent = cache.openSession({ id: 'a', maxToolRepeats: 3, onLoop: 'short_circuit' });
    const child = parent.child({ maxExecutionDepth: 1, onLoop: 'raise' });
    await child.run(() => getTicket('T-1'));
    await expect(child.run(() => getTicket('T-2'))).rejects.toMatchObject({ rule: 'depth', limit: 1 });
    const heir = parent.child();
    for (let call = 0; call < 3; call += 1) await heir.run(() => getTicket('T-1'));
    expect(await heir.run(() => getTicket('T-1'))).toMatchObject({ id: 'T-1' });
    expect(heir.metrics().loopDetections).toBe(1);
  });

  it('counts its metrics for those above it too', async () => {
    const { cache, getTicket, updateTicket } = givenDesk();
    const parent = cache.openSession({ id: 'a' });
    const child = parent.child();
    const grandchild = child.child();
    await parent.run(() => getTicket('T-1'));
    await child.run(() => getTicket('T-1'));
    await grandchild.run(() => getTicket('T-2'));
    await grandchild.run(() => updateTicket('T-2', 'open'));
    expect(grandchild.metrics()).toMatchObject({ hits: 0, misses: 1, invalidations: 1, upstreamCalls: 2 });
    expect(child.metrics()).toMatchObject({ hits: 1, misses: 1, invalidations: 1, upstreamCalls: 2 });
    expect(parent.metrics()).toMatchObject({ hits: 1, misses: 2, invalidations: 1, upstreamCalls: 3 });
  });

  it('tells in its events whose child it is', async () => {
    const { cache, log } = givenDesk();
    const parent = cache.openSession({ id: 'a', userId: 'ada' });
    const child = parent.child();
    await child.end();
    await parent.end();
    expect(log.events).toMatchObject([
      { type: 'session-start', sessionId: 'a', userId: 'ada' },
      { type: 'session-start', sessionId: child.id, parentId: 'a', userId: 'ada' },
      { type: 'session-end', sessionId: child.id, parentId: 'a' },
      { type: 'session-end', sessionId: 'a' },
    ]);
  });

  it('leaves everything to its parent when it ends', async () => {
    const { cache, getTicket, fetchTicket } = givenDesk();
    const parent = cache.openSession({ id: 'a' });
    const child = parent.child();
    await child.run(() => getTicket('T-1'));
    await child.end();
    await parent.run(() => getTicket('T-1'));
    expect(fetchTicket).toHaveBeenCalledTimes(1);
  });

  it('ends with its parent', async () => {
    const { cache, getTicket, log } = givenDesk();
    const parent = cache.openSession({ id: 'a' });
    const child = parent.child();
    await parent.end();
    expect(child.ended).toBe(true);
    expect(() => child.run(() => 1)).toThrow('has ended');
    await getTicket.with({ session: child })('T-1');
    expect(log.of('call-bypassed')).toMatchObject([{ reason: 'session-ended' }]);
  });
});

describe('a delegation', () => {
  it('to an agent that is already at work on the same task is refused', () => {
    const planner = createToolCache()
      .openSession()
      .child({ agent: 'planner', task: { goal: 'ship', order: 1 } });
    const worker = planner.child({ agent: 'worker', task: 'pack' });
    const refusal = caught(() => worker.child({ agent: 'planner', task: { order: 1, goal: 'ship' } }));
    expect(AgentLoopDetectedError.isInstance(refusal)).toBe(true);
    expect(refusal).toMatchObject({
      rule: 'recursion',
      path: ['planner', 'worker', 'planner'],
      message: 'Recursion detected: planner -> worker -> planner',
    });
  });

  it('to the same agent with another task, or without one, is allowed', () => {
    const planner = createToolCache().openSession().child({ agent: 'planner', task: 'ship' });
    expect(
      planner.child({ agent: 'planner', task: 'bill' }).child({ agent: 'planner' }).child({ agent: 'planner' }).ended,
    ).toBe(false);
  });

  it('deeper than maxNesting is refused', () => {
    const root = createToolCache().openSession({ maxNesting: 2 });
    const deepest = root.child({ agent: 'one' }).child({ agent: 'two' });
    expect(caught(() => deepest.child({ agent: 'three' }))).toMatchObject({
      rule: 'nesting',
      tool: 'three',
      count: 3,
      limit: 2,
    });
    expect(caught(() => createToolCache().openSession({ maxNesting: 0 }).child())).toMatchObject({ rule: 'nesting' });
  });

  it('that was refused leaves the session as it was', async () => {
    const { cache, log, getTicket } = givenDesk();
    const root = cache.openSession({ id: 'a', maxNesting: 0 });
    caught(() => root.child());
    expect(await root.run(() => getTicket('T-1'))).toMatchObject({ id: 'T-1' });
    expect(log.of('session-start')).toHaveLength(1);
  });

  it('is not looked at when loop detection is off', () => {
    const root = createToolCache().openSession({ loopDetection: false, maxNesting: 0 });
    const child = root.child({ agent: 'one', task: 1 }).child({ agent: 'one', task: 1 });
    expect(child.ended).toBe(false);
  });
});

function caught(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}
