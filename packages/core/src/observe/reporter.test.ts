import { describe, expect, it, vi } from 'vitest';

import type { KeepstepEvent } from '../events.ts';
import { manualClock } from '../testing/manual-clock.ts';
import { Counters, globalCounters } from './counters.ts';
import { EventBus } from './event-bus.ts';
import { Reporter, type CallInfo } from './reporter.ts';

function givenReporter() {
  const clock = manualClock(100);
  const bus = new EventBus();
  const [cache, tool, session] = [new Counters(), new Counters(), new Counters()];
  const info: CallInfo = {
    toolName: 'tool',
    args: ['a'],
    toolCallId: 'call',
    sessionId: 's',
    counters: [tool, session],
  };
  return { clock, bus, cache, tool, session, info, reporter: new Reporter('shop', clock, bus, cache) };
}

describe('Reporter', () => {
  it('puts an event together only when somebody listens, and counts all the same', () => {
    const { clock, bus, reporter, info, cache, tool, session } = givenReporter();
    const now = vi.spyOn(clock, 'now');
    reporter.call(info, { type: 'call-coalesced', scope: 'global' }, 'coalesced');
    expect(now).not.toHaveBeenCalled();
    expect([cache, tool, session].map(({ coalesced }) => coalesced)).toEqual([1, 1, 1]);
    const heard: KeepstepEvent[] = [];
    bus.on((event) => void heard.push(event));
    reporter.call(info, { type: 'call-coalesced', scope: 'global' });
    expect(heard).toEqual([
      {
        type: 'call-coalesced',
        scope: 'global',
        at: 100,
        namespace: 'shop',
        sessionId: 's',
        toolName: 'tool',
        toolCallId: 'call',
        args: ['a'],
      },
    ]);
    expect(cache.coalesced).toBe(1);
  });

  it('counts for the whole process too', () => {
    const { reporter, info } = givenReporter();
    const before = globalCounters.bypassed;
    reporter.call(info, { type: 'call-bypassed', reason: 'no-session' }, 'bypassed');
    expect(globalCounters.bypassed - before).toBe(1);
  });

  it('runs a tool, and tells how long it took and how it went', async () => {
    const { clock, bus, reporter, info, tool } = givenReporter();
    const heard: KeepstepEvent[] = [];
    bus.on((event) => void heard.push(event));
    const slow = reporter.execution(info, 'read', async () => clock.advance(50).then(() => 'value'));
    expect(await slow).toBe('value');
    const failure = new Error('no');
    const failing = reporter.execution(info, 'write', () => {
      throw failure;
    });
    await expect(failing).rejects.toBe(failure);
    expect(heard).toMatchObject([
      { type: 'tool-executed', kind: 'read', outcome: 'ok', durationMs: 50 },
      { type: 'tool-executed', kind: 'write', outcome: 'error', durationMs: 0, error: failure },
    ]);
    expect(tool).toMatchObject({ upstreamCalls: 2, errors: 1 });
  });

  it('reports what belongs to no call', () => {
    const { bus, reporter } = givenReporter();
    const heard: KeepstepEvent[] = [];
    bus.on((event) => void heard.push(event));
    reporter.note({ type: 'session-end', sessionId: 's' });
    expect(heard).toEqual([{ type: 'session-end', sessionId: 's', at: 100, namespace: 'shop' }]);
  });
});
