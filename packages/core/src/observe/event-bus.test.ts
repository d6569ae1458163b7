import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it, vi } from 'vitest';

import type { KeepstepEvent } from '../events.ts';
import { EVENT_CHANNEL } from './diagnostics-channel.ts';
import { EventBus } from './event-bus.ts';

const event: KeepstepEvent = { type: 'session-start', at: 1, namespace: 'shop', sessionId: 's' };

describe('EventBus', () => {
  it('is observed while somebody listens', () => {
    const bus = new EventBus();
    expect(bus.observed).toBe(false);
    const off = bus.on(vi.fn());
    expect(bus.observed).toBe(true);
    off();
    expect(bus.observed).toBe(false);
  });

  it('is observed while somebody listens on the diagnostics channel', () => {
    const bus = new EventBus();
    const hear = vi.fn();
    subscribe(EVENT_CHANNEL, hear);
    expect(bus.observed).toBe(true);
    bus.emit(event);
    unsubscribe(EVENT_CHANNEL, hear);
    expect(bus.observed).toBe(false);
    bus.emit(event);
    expect(hear.mock.calls).toEqual([[event, EVENT_CHANNEL]]);
  });

  it('hands the same object to all, in the order in which they came', () => {
    const bus = new EventBus();
    const heard: [string, KeepstepEvent][] = [];
    for (const name of ['first', 'second', 'third']) bus.on((each) => void heard.push([name, each]));
    bus.emit(event);
    expect(heard.map(([name]) => name)).toEqual(['first', 'second', 'third']);
    expect(heard.every(([, each]) => each === event)).toBe(true);
  });

  it('goes on when a listener throws or rejects', () => {
    const bus = new EventBus();
    const last = vi.fn();
    bus.on(() => {
      throw new Error('no');
    });
    const rejects: () => unknown = () => Promise.reject(new Error('no'));
    bus.on(rejects);
    bus.on(last);
    bus.emit(event);
    expect(last).toHaveBeenCalledTimes(1);
  });

  it('removes a listener while it is told, and one at a time', () => {
    const bus = new EventBus();
    const twice = vi.fn();
    const offs = [bus.on(twice), bus.on(twice)];
    const once = vi.fn(() => offs[0]?.());
    bus.on(once);
    bus.emit(event);
    expect(twice).toHaveBeenCalledTimes(2);
    bus.emit(event);
    expect(twice).toHaveBeenCalledTimes(3);
  });
});
