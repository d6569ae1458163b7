import { describe, expect, it } from 'vitest';

import { createToolCache, type SessionSnapshot } from '../src/index.ts';
import { givenSearch } from './sample-agents.ts';

function restarted(snapshot: SessionSnapshot): SessionSnapshot {
  return JSON.parse(JSON.stringify(snapshot)) as SessionSnapshot;
}

describe('a session that is resumed after a restart', () => {
  it('is the same session: id, user and counters go on', async () => {
    const before = givenSearch();
    const first = before.cache.openSession({ id: 'thread-1', userId: 'ada', maxToolRepeats: 3 });
    await first.run(() => before.searchWeb('caching'));
    await first.run(() => before.searchWeb('caching'));
    const snapshot = restarted(first.toJSON());

    const after = givenSearch();
    const second = after.cache.openSession({ resume: snapshot, maxToolRepeats: 3 });
    expect([second.id, second.userId]).toEqual(['thread-1', 'ada']);
    await second.run(() => after.searchWeb('caching'));
    await expect(second.run(() => after.searchWeb('caching'))).rejects.toMatchObject({ rule: 'repeats', count: 4 });
  });

  it('goes on with its number of calls and its rounds', async () => {
    const before = createToolCache();
    const first = before.openSession({ id: 'a' });
    const call = (cache: typeof before, session: typeof first, toolName: string): Promise<unknown> =>
      cache.call({ toolName, args: [], session }, { kind: 'other' }, () => 1);
    for (const name of ['x', 'a', 'b', 'a']) await call(before, first, name);
    const snapshot = restarted(first.toJSON());

    const after = createToolCache();
    const cycle = after.openSession({ id: 'cycle', resume: snapshot });
    await expect(call(after, cycle, 'b')).rejects.toMatchObject({ rule: 'cycle', path: ['a', 'b'] });
    const depth = after.openSession({ id: 'depth', resume: snapshot, maxExecutionDepth: 5 });
    await call(after, depth, 'y');
    await expect(call(after, depth, 'z')).rejects.toMatchObject({ rule: 'depth', count: 6 });
  });

  it('may take another id and user', async () => {
    const snapshot = createToolCache().openSession({ id: 'a', userId: 'ada' }).toJSON();
    const session = createToolCache().openSession({ id: 'b', userId: 'bob', resume: snapshot });
    expect([session.id, session.userId]).toEqual(['b', 'bob']);
  });

  it('keeps neither arguments nor results in its snapshot', async () => {
    const { cache, searchWeb } = givenSearch();
    const session = cache.openSession({ id: 'a' });
    await session.run(() => searchWeb('my secret question'));
    const text = JSON.stringify(session.toJSON());
    expect(text).toContain('search_web');
    expect(text).not.toContain('secret');
  });

  it('starts anew after a reset', async () => {
    const { cache, searchWeb } = givenSearch();
    const session = cache.openSession({ id: 'a', maxToolRepeats: 1 });
    await session.run(() => searchWeb('caching'));
    session.reset();
    const resumed = createToolCache().openSession({ resume: restarted(session.toJSON()), maxToolRepeats: 1 });
    expect(resumed.toJSON()).toEqual(session.toJSON());
    await session.run(() => searchWeb('caching'));
  });

  it('has nothing to resume where loop detection is off', () => {
    const off = createToolCache().openSession({ id: 'a', loopDetection: false });
    expect(off.toJSON()).toEqual({ version: 1, id: 'a' });
    const on = createToolCache().openSession({ resume: off.toJSON() });
    expect(on.toJSON().loop?.total).toBe(0);
  });
});

describe('reset', () => {
  it('forgets the counters of this session and keeps its entries', async () => {
    const { cache, searchWeb, search } = givenSearch();
    await cache.session({ maxToolRepeats: 2, maxExecutionDepth: 4 }, async (session) => {
      for (let round = 0; round < 5; round += 1) {
        await searchWeb('caching');
        await searchWeb('caching');
        session.reset();
      }
    });
    expect(search).toHaveBeenCalledTimes(1);
    expect(cache.metrics().loopDetections).toBe(0);
  });

  it('leaves the counters of parent and children alone', async () => {
    const { cache, searchWeb } = givenSearch();
    const parent = cache.openSession({ maxToolRepeats: 1 });
    const child = parent.child();
    await parent.run(() => searchWeb('caching'));
    await child.run(() => searchWeb('caching'));
    child.reset();
    await child.run(() => searchWeb('caching'));
    await expect(parent.run(() => searchWeb('caching'))).rejects.toMatchObject({ rule: 'repeats' });
    parent.reset();
    await expect(child.run(() => searchWeb('caching'))).rejects.toMatchObject({ rule: 'repeats' });
  });
});
