import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it, vi } from 'vitest';

import { createCache, createToolCache, EVENT_CHANNEL, type KeepstepEvent } from '../src/index.ts';
import { eventLog } from './event-log.ts';
import { quiescence } from './quiescence.ts';

const GLOBAL = { scope: 'global' } as const;

describe('a listener', () => {
  it('hears every event of its cache, whether given as an option or added later', async () => {
    const [first, second] = [eventLog(), eventLog()];
    const cache = createToolCache({ onEvent: first.listener });
    cache.on(second.listener);
    await cache.read(async () => 1, { name: 'read', ...GLOBAL })();
    expect(second.events).toHaveLength(3);
    expect(second.events.every((event, index) => event === first.events[index])).toBe(true);
  });

  it('hears nothing once it is removed, and removing it twice is harmless', async () => {
    const log = eventLog();
    const cache = createToolCache();
    const read = cache.read(async () => 1, { name: 'read', ...GLOBAL });
    const off = cache.on(log.listener);
    await read();
    off();
    off();
    await read();
    expect(log.types()).not.toContain('cache-hit');
  });

  it('that was added twice is removed once at a time', async () => {
    const log = eventLog();
    const cache = createToolCache();
    const read = cache.read(async () => 1, { name: 'read', ...GLOBAL });
    await read();
    const off = cache.on(log.listener);
    cache.on(log.listener);
    await read();
    off();
    await read();
    expect(log.types()).toEqual(['cache-hit', 'cache-hit', 'cache-hit']);
  });

  it('may remove itself, and add others, while it is told', async () => {
    const log = eventLog();
    const cache = createToolCache();
    const read = cache.read(async () => 1, { name: 'read', ...GLOBAL });
    const off = cache.on(() => {
      off();
      cache.on(log.listener);
    });
    await read();
    await read();
    expect(log.types().at(-1)).toBe('cache-hit');
  });

  it.each<[string, () => unknown]>([
    ['throws', fail],
    ['throws something odd', () => Promise.reject(undefined)],
    ['rejects', () => Promise.reject(new Error('a listener has failed'))],
    ['returns something odd', () => Symbol('odd')],
  ])('that %s breaks no call and silences no other listener', async (_, listener) => {
    const log = eventLog();
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const cache = createToolCache({ onEvent: listener });
    cache.on(log.listener);
    const read = cache.read(async () => 'result', { name: 'read', ...GLOBAL, resource: 'x' });
    const write = cache.write(async () => 'done', { name: 'write', ...GLOBAL, invalidates: 'x' });
    expect(await cache.session({}, async () => [await read(), await read(), await write()])).toEqual([
      'result',
      'result',
      'done',
    ]);
    await cache.invalidate('x');
    await quiescence();
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    expect(log.events.length).toBeGreaterThan(5);
  });

  it('that fails does not turn a failing call into another error', async () => {
    const cache = createToolCache({ onEvent: fail });
    const failure = new Error('the tool has failed');
    const read = cache.read(() => Promise.reject(failure), { name: 'read', ...GLOBAL });
    await expect(read()).rejects.toBe(failure);
  });

  it('that calls a tool gets its answer', async () => {
    const cache = createToolCache();
    const other = cache.read(async () => 'other', { name: 'other', ...GLOBAL });
    const answers: Promise<string>[] = [];
    const read = cache.read(async () => 'result', { name: 'read', ...GLOBAL });
    await read();
    const off = cache.on(() => {
      off();
      answers.push(other());
    });
    await read();
    expect(await Promise.all(answers)).toEqual(['other']);
  });
});

describe('the diagnostics channel', () => {
  it('carries the same objects, of every cache', async () => {
    const log = eventLog();
    const heard: unknown[] = [];
    const hear = (message: unknown): void => void heard.push(message);
    subscribe(EVENT_CHANNEL, hear);
    const cache = createToolCache({ onEvent: log.listener });
    const plain = createCache({ onEvent: log.listener });
    await cache.session({ id: 's' }, () => cache.read(async () => 1, { name: 'read', ...GLOBAL })());
    await plain.get('k', { load: () => 1 });
    unsubscribe(EVENT_CHANNEL, hear);
    expect(heard.length).toBeGreaterThan(0);
    expect(heard).toHaveLength(log.events.length);
    expect(heard.every((event, index) => event === log.events[index])).toBe(true);
  });

  it('works without any listener on the cache, and is quiet after the last subscriber', async () => {
    const heard: KeepstepEvent[] = [];
    const hear = (message: unknown): void => void heard.push(message as KeepstepEvent);
    const cache = createToolCache({ namespace: 'quiet' });
    const read = cache.read(async () => 1, { name: 'read', ...GLOBAL });
    subscribe(EVENT_CHANNEL, hear);
    await read();
    unsubscribe(EVENT_CHANNEL, hear);
    await read();
    expect(heard.map(({ type, namespace }) => `${namespace} ${type}`)).toEqual([
      'quiet cache-miss',
      'quiet tool-executed',
      'quiet entry-stored',
    ]);
  });
});

function fail(): never {
  throw new Error('a listener has failed');
}
