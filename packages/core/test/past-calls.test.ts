import { describe, expect, it } from 'vitest';

import { createToolCache, type Session, type ToolCache, type ToolPolicy } from '../src/index.ts';
import { manualClock } from '../src/testing/index.ts';

const READ: ToolPolicy = { kind: 'read', scope: 'session' };
const POLL: ToolPolicy = { kind: 'other', loop: { poll: { maxUnchanged: 3, minIntervalMs: 1000 } } };

function given(options: { readonly maxToolRepeats?: number; readonly maxExecutionDepth?: number } = {}) {
  const clock = manualClock();
  const cache = createToolCache({ clock });
  return { cache, clock, session: cache.openSession({ id: 'thread', ...options }) };
}

function make(cache: ToolCache, session: Session, tool: string, policy = READ): Promise<unknown> {
  return cache.call({ toolName: tool, args: [1], session }, policy, () => 'same');
}

async function recount(cache: ToolCache, session: Session, tools: readonly string[], policy = READ): Promise<void> {
  for (const toolName of tools) await cache.call({ toolName, args: [1], session, past: true }, policy, () => 'same');
}

/** Reads the counters without what tells when they were written. */
function counters(session: Session): unknown {
  return JSON.parse(JSON.stringify(session.toJSON().loop, (key, value) => (key === 'answeredAt' ? 0 : value)));
}

describe('a call that was made before', () => {
  it.each([
    ['reads', READ],
    ['writes', { kind: 'write', invalidates: 'cart' }],
    ['other calls', { kind: 'other' }],
    ['polls', { kind: 'other', loop: { poll: true } }],
  ] as const)('counts like one that is made now: %s', async (_, policy) => {
    const tools = ['a', 'b', 'b', 'c', 'a', 'b'];
    const [live, past] = [given(), given()];
    for (const tool of tools) await make(live.cache, live.session, tool, policy);
    await recount(past.cache, past.session, tools, policy);
    expect(counters(past.session)).toEqual(counters(live.session));
  });

  it('lets the next one close the loop that it began', async () => {
    const { cache, session } = given({ maxToolRepeats: 2 });
    await recount(cache, session, ['look', 'look']);
    await expect(make(cache, session, 'look')).rejects.toMatchObject({ rule: 'repeats', count: 3 });
  });

  it('is not refused, and told to nobody', async () => {
    const { cache, session } = given({ maxToolRepeats: 1, maxExecutionDepth: 2 });
    const events: unknown[] = [];
    cache.on((event) => events.push(event));
    await recount(cache, session, ['look', 'look', 'look']);
    expect(events).toEqual([]);
    expect(cache.metrics()).toMatchObject({ hits: 0, misses: 0, loopDetections: 0, upstreamCalls: 0, bypassed: 0 });
    await expect(make(cache, session, 'other')).rejects.toMatchObject({ rule: 'depth', count: 4 });
  });

  it('stores nothing', async () => {
    const { cache, session } = given();
    await recount(cache, session, ['look']);
    const { status } = await cache.call({ toolName: 'look', args: [1], session }, READ, () => 'now');
    expect(status).toBe('miss');
  });

  it('counts once beside an identical one', async () => {
    const { cache, session } = given();
    await Promise.all([recount(cache, session, ['look']), recount(cache, session, ['look'])]);
    expect(session.toJSON().loop?.calls).toMatchObject([{ tool: 'look', count: 1 }]);
  });

  it('has an answer that a poll goes on from, and had its pause', async () => {
    const { cache, session } = given({ maxToolRepeats: 1 });
    await recount(cache, session, ['status', 'status', 'status'], POLL);
    await expect(make(cache, session, 'status', POLL)).rejects.toMatchObject({ rule: 'repeats', count: 4 });

    const patient = given({ maxToolRepeats: 2 });
    await recount(patient.cache, patient.session, ['status', 'status'], POLL);
    await expect(make(patient.cache, patient.session, 'status', POLL)).resolves.toMatchObject({ value: 'same' });
  });

  it('leaves the answers of a poll as they are where its own is not known', async () => {
    const { cache, session } = given();
    await recount(cache, session, ['status'], POLL);
    const before = counters(session);
    await cache.call({ toolName: 'status', args: [1], session, past: true }, POLL, () => undefined);
    expect(before).toMatchObject({ total: 1, calls: [{ streak: { unchanged: 1 } }] });
    expect(counters(session)).toMatchObject({ total: 2, calls: [{ streak: { unchanged: 1 } }] });
  });

  it('counts nowhere where loops are not looked for', async () => {
    const { cache, session } = given();
    await recount(cache, session, ['look'], { kind: 'other', loop: false });
    expect(session.toJSON().loop?.total).toBe(0);
    const { value } = await cache.call({ toolName: 'look', args: [], past: true }, { kind: 'other' }, () => 'known');
    expect(value).toBe('known');
  });

  it('says so with yes or no', async () => {
    const { cache } = given();
    const call = { toolName: 'look', args: [], past: 'yes' as never };
    await expect(cache.call(call, READ, () => 1)).rejects.toThrow('Invalid option "past"');
  });
});
