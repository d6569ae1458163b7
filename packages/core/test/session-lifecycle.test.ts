import { describe, expect, it, vi } from 'vitest';

import { createToolCache, InvalidArgumentError, KeepstepError } from '../src/index.ts';
import { eventLog } from './event-log.ts';
import { heldTool } from './held-tool.ts';
import { quiescence } from './quiescence.ts';
import { givenDesk } from './sample-agents.ts';

describe('a session that is passed explicitly', () => {
  it('is the one that explain and invalidate look at', async () => {
    const { cache, getTicket } = givenDesk();
    await using a = cache.openSession({ id: 'a' });
    await using b = cache.openSession({ id: 'b' });
    await getTicket.with({ session: a })('T-1');
    await getTicket.with({ session: b })('T-1');
    expect(await getTicket.with({ session: a }).invalidate('T-1')).toBe(true);
    expect(await getTicket.with({ session: a }).explain('T-1')).toMatchObject({ status: 'miss', reason: 'absent' });
    expect(await getTicket.with({ session: b }).explain('T-1')).toMatchObject({ status: 'hit' });
    expect([a.metrics().invalidations, b.metrics().invalidations]).toEqual([1, 0]);
    expect(await b.run(() => getTicket.with({ session: a }).explain('T-1'))).toMatchObject({ status: 'miss' });
  });

  it('must belong to the cache, there too', async () => {
    const { getTicket } = givenDesk();
    const session = createToolCache().openSession({ id: 'stranger' });
    await expect(getTicket.with({ session }).explain('T-1')).rejects.toThrow('"session"');
    await expect(getTicket.with({ session }).invalidate('T-1')).rejects.toThrow('"session"');
  });
});

describe('the end of a session', () => {
  it('drops what the session stored', async () => {
    const { cache, getTicket } = givenDesk();
    const session = cache.openSession({ id: 'a' });
    await session.run(() => getTicket('T-1'));
    await session.run(() => getTicket('T-2'));
    expect(cache.metrics().entries).toBe(2);
    await session.end();
    expect(cache.metrics().entries).toBe(0);
  });

  it('keeps the result of a load that finishes late out of the cache, also of the next session with that id', async () => {
    const log = eventLog();
    const cache = createToolCache({ onEvent: log.listener });
    const fetchTicket = heldTool<[string], string>();
    const getTicket = cache.read(fetchTicket, { name: 'get_ticket', resource: 'ticket' });
    const first = cache.openSession({ id: 'a' });
    const late = first.run(() => getTicket('T-1'));
    const load = await fetchTicket.call(0);
    await first.end();

    const second = cache.openSession({ id: 'a' });
    const fresh = second.run(() => getTicket('T-1'));
    const reload = await fetchTicket.call(1);
    load.answer('from the first session');
    expect(await late).toBe('from the first session');
    await quiescence();
    expect(log.of('entry-superseded')).toMatchObject([{ sessionId: 'a', reason: 'session-ended' }]);
    reload.answer('from the second session');
    expect(await fresh).toBe('from the second session');
    expect(await second.run(() => getTicket('T-1'))).toBe('from the second session');
    expect(fetchTicket.calls).toHaveLength(2);
  });

  it('lets later reads of the session run past the cache, and says so', async () => {
    const { cache, log, getTicket, fetchTicket } = givenDesk();
    const session = cache.openSession({ id: 'a' });
    await session.run(() => getTicket('T-1'));
    await session.end();
    await getTicket.with({ session })('T-1');
    await getTicket.with({ session })('T-1');
    expect(fetchTicket).toHaveBeenCalledTimes(3);
    expect(log.of('call-bypassed').map(({ reason }) => reason)).toEqual(['session-ended', 'session-ended']);
    expect(cache.metrics().entries).toBe(0);
  });

  it('does so too for work that outlives the session callback', async () => {
    const { cache, getTicket, log } = givenDesk();
    const { promise: later, resolve: goOn } = Promise.withResolvers<void>();
    let straggler: Promise<unknown> | undefined;
    await cache.session({ id: 'a' }, async () => {
      straggler = later.then(() => getTicket('T-1'));
    });
    goOn();
    expect(await straggler).toMatchObject({ id: 'T-1' });
    expect(log.of('call-bypassed').map(({ reason }) => reason)).toEqual(['session-ended']);
  });

  it('leaves the handle closed for everything but looking back', async () => {
    const { cache, getTicket } = givenDesk();
    const session = cache.openSession({ id: 'a' });
    await session.run(() => getTicket('T-1'));
    expect(session.ended).toBe(false);
    await session.end();
    await session.end();
    expect(session.ended).toBe(true);
    const refusal = expect.objectContaining({
      code: 'session_ended',
      message: expect.stringContaining('"a"') as string,
    });
    expect(caught(() => session.run(() => 1))).toEqual(refusal);
    expect(caught(() => session.child())).toEqual(refusal);
    await expect(session.invalidate('ticket')).rejects.toEqual(refusal);
    expect(session.metrics().misses).toBe(1);
    expect(session.toJSON()).toMatchObject({ id: 'a' });
  });

  it('comes with the end of the callback, whether it succeeds or fails', async () => {
    const { cache, log } = givenDesk();
    const failure = new Error('the agent has crashed');
    expect(await cache.session({ id: 'a' }, () => 'done')).toBe('done');
    await expect(cache.session({ id: 'b' }, () => Promise.reject(failure))).rejects.toBe(failure);
    await expect(cache.session({ id: 'c' }, () => fail(failure))).rejects.toBe(failure);
    expect(log.of('session-end').map(({ sessionId }) => sessionId)).toEqual(['a', 'b', 'c']);
  });

  it('comes with the end of the block in "await using"', async () => {
    const { cache, log, getTicket } = givenDesk();
    {
      await using session = cache.openSession({ id: 'a' });
      await session.run(() => getTicket('T-1'));
      expect(cache.metrics().entries).toBe(1);
    }
    expect(cache.metrics().entries).toBe(0);
    expect(log.of('session-end')).toHaveLength(1);
  });

  it('forgets the loop counters', async () => {
    const { cache, getTicket } = givenDesk();
    for (let opening = 0; opening < 3; opening += 1) {
      await cache.session({ id: 'a', maxToolRepeats: 2 }, async () => {
        await getTicket('T-1');
        await getTicket('T-1');
      });
    }
    expect(cache.metrics().loopDetections).toBe(0);
  });
});

describe('an id that is open already', () => {
  it('joins: entries, counters and metrics are shared until the last handle ends', async () => {
    const { cache, log, getTicket, fetchTicket } = givenDesk();
    const one = cache.openSession({ id: 'a', userId: 'ada', maxToolRepeats: 3 });
    const two = cache.openSession({ id: 'a', userId: 'ada', maxToolRepeats: 100 });
    await one.run(() => getTicket('T-1'));
    await two.run(() => getTicket('T-1'));
    expect(two.metrics()).toEqual(one.metrics());
    expect(two.metrics()).toMatchObject({ hits: 1, misses: 1 });
    await one.end();
    expect(two.ended).toBe(false);
    await two.run(() => getTicket('T-1'));
    expect(fetchTicket).toHaveBeenCalledTimes(1);
    await expect(two.run(() => getTicket('T-1'))).rejects.toMatchObject({ rule: 'repeats', limit: 3 });
    await two.end();
    expect(cache.metrics().entries).toBe(0);
    expect(log.types().filter((type) => type.startsWith('session'))).toEqual(['session-start', 'session-end']);
  });

  it('is refused for another user, and the open session does not notice', async () => {
    const { cache, getTicket, fetchTicket } = givenDesk();
    const session = cache.openSession({ id: 'a', userId: 'ada' });
    await session.run(() => getTicket('T-1'));
    const conflict = caught(() => cache.openSession({ id: 'a', userId: 'bob' }));
    expect(KeepstepError.isInstance(conflict) && conflict.code).toBe('session_conflict');
    const run = vi.fn();
    await expect(cache.session({ id: 'a', userId: 'bob' }, run)).rejects.toMatchObject({ code: 'session_conflict' });
    expect(run).not.toHaveBeenCalled();
    await session.run(() => getTicket('T-1'));
    expect(fetchTicket).toHaveBeenCalledTimes(1);
  });

  it('is free for another user after its end', async () => {
    const { cache } = givenDesk();
    await cache.openSession({ id: 'a', userId: 'ada' }).end();
    expect(cache.openSession({ id: 'a', userId: 'bob' }).userId).toBe('bob');
  });
});

describe('a session', () => {
  it('has an id of its own unless it is given one', () => {
    const { cache } = givenDesk();
    const ids = Array.from({ length: 100 }, () => cache.openSession().id);
    expect(new Set(ids).size).toBe(100);
  });

  it('of another cache is refused', async () => {
    const { getTicket, fetchTicket } = givenDesk();
    const stranger = createToolCache().openSession({ id: 'a' });
    await expect(getTicket.with({ session: stranger })('T-1')).rejects.toThrow(InvalidArgumentError);
    await expect(getTicket.with({ session: stranger })('T-1')).rejects.toThrow('"session"');
    expect(fetchTicket).not.toHaveBeenCalled();
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

function fail(error: Error): never {
  throw error;
}
