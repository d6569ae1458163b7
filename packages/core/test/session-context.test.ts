import { setTimeout } from 'node:timers';
import { describe, expect, it } from 'vitest';

import { createToolCache, currentSession, type Session } from '../src/index.ts';
import { givenDesk } from './sample-agents.ts';

describe('the active session', () => {
  it.each([
    ['await', async (read: () => Promise<number>) => read()],
    ['a chain of awaits', async (read: () => Promise<number>) => Promise.resolve().then(() => read())],
    ['Promise.all', async (read: () => Promise<number>) => (await Promise.all([read(), read()]))[1]],
    ['a timer', async (read: () => Promise<number>) => new Promise((done) => setTimeout(() => done(read()), 0))],
    ['setImmediate', async (read: () => Promise<number>) => new Promise((done) => setImmediate(() => done(read())))],
    ['a microtask', async (read: () => Promise<number>) => new Promise((done) => queueMicrotask(() => done(read())))],
    ['nextTick', async (read: () => Promise<number>) => new Promise((done) => process.nextTick(() => done(read())))],
    [
      'an async generator',
      async (read: () => Promise<number>) => {
        async function* steps() {
          yield await read();
        }
        for await (const step of steps()) return step;
        return undefined;
      },
    ],
  ])('follows the calls through %s', async (_, detour) => {
    const { cache, getTicket, fetchTicket } = givenDesk();
    await cache.session({ id: 'a' }, async (session) => {
      const read = async (): Promise<number> => (await getTicket('T-1')).reads;
      await read();
      expect(await detour(read)).toBe(1);
      expect(session.metrics()).toMatchObject({ misses: 1, upstreamCalls: 1, bypassed: 0 });
    });
    expect(fetchTicket).toHaveBeenCalledTimes(1);
  });

  it('is the same for nested agents and their tools', async () => {
    const cache = createToolCache();
    const seen: (string | undefined)[] = [];
    const inner = cache.read(async () => seen.push(currentSession()?.id), { name: 'inner' });
    const outer = cache.write(async () => inner(), { name: 'outer', invalidates: 'nothing' });
    const agent = async (): Promise<void> => void (await outer());
    await cache.session({ id: 'a' }, async () => {
      await agent();
      seen.push(currentSession()?.id);
    });
    expect(seen).toEqual(['a', 'a']);
    expect(currentSession()).toBeUndefined();
  });

  it('is not mixed up between agents that run side by side', async () => {
    const { cache, getTicket } = givenDesk();
    const agent = (id: string): Promise<(string | undefined)[]> =>
      cache.session({ id }, async () => {
        const seen: (string | undefined)[] = [];
        for (let step = 0; step < 3; step += 1) {
          await getTicket(`${id} ${step}`);
          await new Promise((resolve) => setImmediate(resolve));
          seen.push(currentSession()?.id);
        }
        return seen;
      });
    const ids = ['a', 'b', 'c', 'd'];
    const seen = await Promise.all(ids.map(agent));
    expect(seen).toEqual(ids.map((id) => [id, id, id]));
  });

  it('ends with the innermost session, and the outer one is active again', async () => {
    const { cache } = givenDesk();
    await cache.session({ id: 'outer' }, async () => {
      await cache.session({ id: 'inner' }, () => expect(currentSession()?.id).toBe('inner'));
      expect(currentSession()?.id).toBe('outer');
    });
  });

  it('does not reach what was started outside', async () => {
    const { cache, getTicket, log } = givenDesk();
    const { promise: later, resolve: goOn } = Promise.withResolvers<void>();
    const outside = later.then(() => getTicket('T-1'));
    await cache.session({ id: 'a' }, async () => {
      goOn();
      await outside;
    });
    expect(log.of('call-bypassed')).toMatchObject([{ reason: 'no-session' }]);
  });
});

describe('a session that is passed explicitly', () => {
  it('by "with" serves calls from anywhere', async () => {
    const { cache, getTicket, fetchTicket } = givenDesk();
    const session = cache.openSession({ id: 'a' });
    const read = getTicket.with({ session });
    await read('T-1');
    await session.run(() => getTicket('T-1'));
    expect(fetchTicket).toHaveBeenCalledTimes(1);
    expect(session.metrics()).toMatchObject({ hits: 1, misses: 1 });
  });

  it('by the call serves cache.call', async () => {
    const { cache } = givenDesk();
    const session = cache.openSession({ id: 'a' });
    const call = { toolName: 'get_user', args: ['u'], session, toolCallId: 'call_1' };
    const policy = { kind: 'read' } as const;
    expect(await cache.call(call, policy, () => 'Ada')).toEqual({ status: 'miss', value: 'Ada' });
    expect(await cache.call(call, policy, () => 'Bob')).toEqual({ status: 'hit', value: 'Ada' });
    const elsewhere = { toolName: 'get_user', args: ['u'] };
    expect(await cache.call(elsewhere, policy, () => 'Bob')).toEqual({ status: 'bypass', value: 'Bob' });
  });

  it('wins over the active one, also for what the tool calls', async () => {
    const cache = createToolCache();
    const seen: (string | undefined)[] = [];
    const tool = cache.read(async () => seen.push(currentSession()?.id), { name: 'tool' });
    const chosen = cache.openSession({ id: 'chosen' });
    await cache.session({ id: 'active' }, async (active) => {
      await tool.with({ session: chosen })();
      expect(active.metrics().misses).toBe(0);
    });
    expect(seen).toEqual(['chosen']);
    expect(chosen.metrics().misses).toBe(1);
  });

  it('reports the id that the model gave to the call', async () => {
    const { cache, getTicket, log } = givenDesk();
    const session = cache.openSession({ id: 'a' });
    await getTicket.with({ session, toolCallId: 'call_7' })('T-1');
    const ids = log.events
      .filter((event) => 'toolName' in event)
      .map((event) => 'toolCallId' in event && event.toolCallId);
    expect(new Set(ids)).toEqual(new Set(['call_7']));
  });
});

describe('two caches in one program', () => {
  it('each have their own active session', async () => {
    const desk = givenDesk();
    const other = givenDesk();
    let outer: Session | undefined;
    await desk.cache.session({ id: 'a' }, async (session) => {
      outer = session;
      await other.getTicket('T-1');
      await other.cache.session({ id: 'b' }, async (inner) => {
        await desk.getTicket('T-1');
        await other.getTicket('T-1');
        await desk.getTicket('T-1');
        expect(inner.metrics()).toMatchObject({ hits: 0, misses: 1 });
        expect(currentSession()?.id).toBe('b');
      });
    });
    expect(outer?.metrics()).toMatchObject({ hits: 1, misses: 1, bypassed: 0 });
    expect(other.log.of('call-bypassed')).toMatchObject([{ reason: 'no-session' }]);
    expect(desk.log.of('call-bypassed')).toEqual([]);
  });

  it('share neither entries nor invalidations nor metrics', async () => {
    const [one, two] = [createToolCache(), createToolCache()];
    const first = one.read(async () => 'one', { name: 'tool', scope: 'global', resource: 'x' });
    const second = two.read(async () => 'two', { name: 'tool', scope: 'global', resource: 'x' });
    expect([await first(), await second()]).toEqual(['one', 'two']);
    await one.invalidate('x');
    await second();
    expect([one.metrics().hits, two.metrics().hits]).toEqual([0, 1]);
  });
});
