import { describe, expect, it, vi } from 'vitest';

import { codeOf, givenState } from '../../test/agent-state.ts';
import { refusal } from '../../test/refusal.ts';
import type { EventLog, LogEvent } from './event-log.ts';
import type { LogFollowOptions } from './log-options.ts';

/** Follows a log in the background, and collects what comes. */
function followed(log: EventLog, options: LogFollowOptions = {}) {
  const controller = new AbortController();
  const seen: LogEvent[] = [];
  const done = (async () => {
    for await (const event of log.follow({ ...options, signal: controller.signal })) seen.push(event);
  })();
  return {
    ids: () => seen.map(({ id }) => id),
    done,
    async stop() {
      controller.abort();
      await done;
    },
  };
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('EventLog', () => {
  it('keeps events in order, with ids and times', async () => {
    const { state, clock } = givenState();
    const log = state.log('agent');
    expect(await log.append('search', { query: 'tea' })).toBe(1);
    await clock.advance(1_000);
    expect(await log.appendMany([{ type: 'found', data: [1, 2] }, { type: 'end' }])).toEqual([2, 3]);
    expect(await log.read()).toEqual([
      { id: 1, at: new Date(1_700_000_000_000), type: 'search', data: { query: 'tea' } },
      { id: 2, at: new Date(1_700_000_001_000), type: 'found', data: [1, 2] },
      { id: 3, at: new Date(1_700_000_001_000), type: 'end', data: undefined },
    ]);
    expect(await log.size()).toEqual({ count: 3, firstId: 1, lastId: 3 });
    expect(await log.appendMany([])).toEqual([]);
  });

  it('reads ranges in both directions', async () => {
    const log = givenState().state.log('agent');
    for (let turn = 1; turn <= 5; turn += 1) await log.append('turn');
    const ids = async (options: Parameters<EventLog['read']>[0]) => (await log.read(options)).map(({ id }) => id);
    expect(await ids({ after: 2, limit: 2 })).toEqual([3, 4]);
    expect(await ids({ reverse: true, limit: 2 })).toEqual([5, 4]);
    expect(await ids({ reverse: true, before: 4, limit: Infinity })).toEqual([3, 2, 1]);
  });

  it('takes credentials out of what it keeps', async () => {
    const token = `ghp_${'Ab3'.repeat(12)}`;
    const log = givenState({ credentials: 'allow' }).state.log('agent');
    await log.append('call', { headers: [`Bearer ${token}`] });
    await log.append(`used ${token}`);
    expect(await log.read()).toMatchObject([
      { type: 'call', data: { headers: ['Bearer [redacted]'] } },
      { type: 'used [redacted]' },
    ]);
  });

  it('refuses what is not plain data, and runs no code of it', async () => {
    const log = givenState().state.log('agent');
    const read = vi.fn(() => 'secret');
    const error = await refusal(() =>
      log.append('call', Object.defineProperty({}, 'token', { get: read, enumerable: true })),
    );
    expect(error).toMatchObject({ code: 'not_encodable', path: '$.token' });
    expect(read).not.toHaveBeenCalled();
  });

  it('stays within its bounds', async () => {
    const { state, clock } = givenState();
    const log = state.log('agent', { maxLength: 3, maxAge: '1m', ttl: '1h' });
    for (let turn = 1; turn <= 5; turn += 1) await log.append('turn');
    expect(await log.size()).toEqual({ count: 3, firstId: 3, lastId: 5 });
    await clock.advance(60_001);
    await log.append('late');
    expect(await log.size()).toEqual({ count: 1, firstId: 6, lastId: 6 });
    await clock.advance(3_600_000);
    expect(await log.size()).toEqual({ count: 0, firstId: 1, lastId: 0 });
  });

  it('trims by length and age', async () => {
    const { state, clock } = givenState();
    const log = state.log('agent');
    await log.appendMany([{ type: 'a' }, { type: 'b' }]);
    await clock.advance(1_000);
    await log.append('c');
    expect(await log.trim({ maxAge: 500 })).toBe(2);
    expect(await log.trim({ maxLength: 0 })).toBe(1);
    expect(await log.delete()).toBe(true);
    expect(await log.delete()).toBe(false);
  });

  it('follows: first what is there, then what comes, each once', async () => {
    const log = givenState({ seed: 2 }).state.log('agent');
    await log.append('one');
    const reader = followed(log);
    for (let turn = 2; turn <= 300; turn += 1) await log.append('turn');
    await settled();
    await reader.stop();
    expect(reader.ids()).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
  });

  it('goes on after the last id that a reader knows, or with what comes next', async () => {
    const log = givenState().state.log('agent');
    await log.appendMany([{ type: 'one' }, { type: 'two' }, { type: 'three' }]);
    const resumed = followed(log, { after: 2 });
    const fresh = followed(log, { after: 'now' });
    await settled();
    await log.append('four');
    await settled();
    await Promise.all([resumed.stop(), fresh.stop()]);
    expect([resumed.ids(), fresh.ids()]).toEqual([[3, 4], [4]]);
  });

  it('ends at once when the signal says so, also between events', async () => {
    const log = givenState().state.log('agent');
    await log.appendMany([{ type: 'one' }, { type: 'two' }]);
    const controller = new AbortController();
    const seen: number[] = [];
    for await (const { id } of log.follow({ signal: controller.signal })) {
      seen.push(id);
      controller.abort();
    }
    expect(seen).toEqual([1]);
  });

  it('ends the wait of a reader who is alone in an empty log', async () => {
    const reader = followed(givenState().state.log('agent'));
    await settled();
    await reader.stop();
    expect(reader.ids()).toEqual([]);
  });

  it('tells a reader when events that it has not seen are gone', async () => {
    const log = givenState().state.log('agent', { maxLength: 2 });
    await log.appendMany([{ type: '1' }, { type: '2' }, { type: '3' }, { type: '4' }]);
    const late = await refusal(() => followed(log, { after: 1 }).done);
    expect(late).toMatchObject({ code: 'log_trimmed' });
    expect(String(late)).toContain('the entries 2 to 2 are gone');
    const justInTime = followed(log, { after: 2 });
    const fromTheStart = followed(log);
    await settled();
    await Promise.all([justInTime.stop(), fromTheStart.stop()]);
    expect([justInTime.ids(), fromTheStart.ids()]).toEqual([
      [3, 4],
      [3, 4],
    ]);
  });

  it('tells a reader when the log has begun anew', async () => {
    const log = givenState().state.log('agent');
    await log.appendMany([{ type: '1' }, { type: '2' }]);
    const reader = followed(log);
    await settled();
    await log.delete();
    expect(await codeOf(() => reader.done)).toBe('log_trimmed');
  });

  it.each([
    ['type', (log: EventLog) => log.append('')],
    ['operationId', (log: EventLog) => log.append('a', 1, { operation: 1 } as never)],
    ['events', (log: EventLog) => log.appendMany('a' as never)],
    ['after', (log: EventLog) => log.read({ after: -1 })],
    ['before', (log: EventLog) => log.read({ before: 1.5 })],
    ['limit', (log: EventLog) => log.read({ limit: 0 })],
    ['reverse', (log: EventLog) => log.read({ reverse: 1 as never })],
    ['after', (log: EventLog) => log.follow({ after: 'then' as never }).next()],
    ['signal', (log: EventLog) => log.follow({ signal: 5 as never }).next()],
    ['options', (log: EventLog) => log.trim({})],
    ['maxAge', (log: EventLog) => log.trim({ maxAge: 0 })],
  ])('refuses a bad %s: %s', async (name, run) => {
    const error = String(await refusal(() => run(givenState().state.log('agent'))));
    expect(error).toMatch(/Invalid (option|argument) "[^"]+": received .+, allowed: .+/);
    expect(error).toContain(name);
  });
});
