import { describe, expect, it, vi } from 'vitest';

import { createToolCache, memoryStore, type Session, type ToolCache } from '../src/index.ts';
import { eventLog } from './event-log.ts';
import { expectRefusal, refusal } from './refusal.ts';

type Case = [name: string, options: unknown, received?: string];

const LOOP_CASES: Case[] = [
  ['loopDetection', { loopDetection: 'on' }, '"on"'],
  ['preset', { preset: 'lenient' }, '"lenient"'],
  ['maxToolRepeats', { maxToolRepeats: 0 }, '0'],
  ['maxToolRepeats', { maxToolRepeats: '5' }, '"5"'],
  ['maxExecutionDepth', { maxExecutionDepth: -1 }, '-1'],
  ['maxNesting', { maxNesting: 1.5 }, '1.5'],
  ['onLoop', { onLoop: 'stop' }, '"stop"'],
  ['maxToolRepeat', { maxToolRepeat: 3 }, '3'],
  ['maxDepth', { maxDepth: 3 }, '3'],
];

const SESSION_CASES: Case[] = [
  ['options', null],
  ['options', 'agent-A'],
  ['id', { id: '' }, '""'],
  ['id', { id: 5 }, '5'],
  ['userId', { userId: '' }, '""'],
  ['userId', { userId: null }, 'null'],
  ['resume|snapshot', { resume: 'snapshot' }, '"snapshot"'],
  ['resume|snapshot', { resume: [] }],
  ['resume|snapshot', { resume: { version: 2, id: 'a' } }, '2'],
  ['resume|snapshot', { resume: { version: 1, id: 'a', loop: { version: 1 } } }],
  ['resume|snapshot', { resume: { version: 1, id: 'a', loop: { version: 9 } } }],
  ['sessionId', { sessionId: 'agent-A' }, '"agent-A"'],
  ...LOOP_CASES,
];

describe('a session refuses', () => {
  it.each(SESSION_CASES)('%s in %j', async (name, options, received) => {
    const log = eventLog();
    const cache = createToolCache({ onEvent: log.listener });
    const fn = vi.fn();
    expectRefusal(await refusal(() => cache.openSession(options as never)), name, received);
    expectRefusal(await refusal(() => cache.session(options as never, fn)), name, received);
    expect(fn).not.toHaveBeenCalled();
    expect(log.events).toEqual([]);
  });

  it('a callback that is none, and leaves no session open', async () => {
    const log = eventLog();
    const cache = createToolCache({ onEvent: log.listener });
    expectRefusal(
      await refusal(() => cache.session({ id: 'a', userId: 'ada' }, undefined as never)),
      'fn',
      'undefined',
    );
    expectRefusal(await refusal(() => cache.session((() => 1) as never, undefined as never)), 'options');
    expect(cache.openSession({ id: 'a', userId: 'bob' }).userId).toBe('bob');
    expectRefusal(await refusal(() => cache.openSession().run(undefined as never)), 'fn', 'undefined');
  });

  it('a wrong option without taking the id', async () => {
    const cache = createToolCache({ store: memoryStore() });
    await refusal(() => cache.openSession({ id: 'a', userId: 'ada', maxToolRepeats: 0 }));
    expect(cache.openSession({ id: 'a', userId: 'bob' }).userId).toBe('bob');
  });
});

describe('a child session refuses', () => {
  it.each<Case>([
    ['options', 'researcher'],
    ['agent', { agent: 5 }, '5'],
    ['task', { task: () => 1 }],
    ['id', { id: 'own' }, '"own"'],
    ['userId', { userId: 'bob' }, '"bob"'],
    ...LOOP_CASES,
  ])('%s in %j', async (name, options, received) => {
    const log = eventLog();
    const session = createToolCache({ onEvent: log.listener }).openSession();
    expectRefusal(await refusal(() => session.child(options as never)), name, received);
    expect(log.of('session-start')).toHaveLength(1);
  });
});

describe('invalidate refuses', () => {
  const CASES: readonly (readonly [string, readonly unknown[]])[] = [
    ['nothing', []],
    ['undefined', [undefined]],
    ['a number', [5]],
    ['an empty path', [[]]],
    ['a path with a number', [['order', 42]]],
    ['a path with an empty path', [['order'], [[]]]],
    ['a wrong one beside a right one', ['cart', ['order', null]]],
  ];

  it.each(CASES)('%s, and invalidates nothing', async (_, resources) => {
    const cache = createToolCache();
    const fetch = vi.fn(async () => 1);
    const read = cache.read(fetch, { name: 'read', resource: 'cart', scope: 'global' });
    const session = cache.openSession({ id: 'a' });
    await read();
    expectRefusal(await refusal(() => cache.invalidate(...(resources as never[]))), 'resources');
    expectRefusal(await refusal(() => session.invalidate(...(resources as never[]))), 'resources');
    await read();
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(cache.metrics().invalidations).toBe(0);
  });
});

describe('call refuses', () => {
  const call = { toolName: 'get_cart', args: ['user_1'] };
  const policy = { kind: 'read', scope: 'global' };
  const execute = async (): Promise<number> => 1;

  it.each<[string, unknown, unknown, unknown]>([
    ['call.toolName', undefined, policy, execute],
    ['call.toolName', { args: [] }, policy, execute],
    ['call.toolName', { ...call, toolName: '' }, policy, execute],
    ['call.args', { ...call, args: 'user_1' }, policy, execute],
    ['call.args', { toolName: 'get_cart' }, policy, execute],
    ['policy|kind', call, undefined, execute],
    ['policy|kind', call, 'read', execute],
    ['kind', call, {}, execute],
    ['kind', call, { kind: 'reed' }, execute],
    ['ttl', call, { ...policy, ttl: 0 }, execute],
    ['resources', call, { ...policy, resources: 'cart' }, execute],
    ['invalidates', call, { kind: 'write' }, execute],
    ['resource', call, { kind: 'other', resource: 'cart' }, execute],
    ['execute', call, policy, undefined],
    ['execute', call, policy, 'run'],
    ['session', { ...call, session: 'agent-A' }, policy, execute],
    ['session', { ...call, session: {} }, policy, execute],
    ['signal', { ...call, signal: 'stop' }, policy, execute],
    ['signal', { ...call, signal: {} }, policy, execute],
  ])('%s: %j', async (name, wrongCall, wrongPolicy, wrongExecute) => {
    const log = eventLog();
    const cache = createToolCache({ onEvent: log.listener });
    const error = await refusal(() => cache.call(wrongCall as never, wrongPolicy as never, wrongExecute as never));
    expectRefusal(error, name);
    expect(log.events).toEqual([]);
  });
});

describe('"with" refuses', () => {
  it.each<Case>([
    ['session', { session: 'agent-A' }, '"agent-A"'],
    ['signal', { signal: {} }],
    ['sesion', { sesion: 'agent-A' }],
  ])('%s in %j', async (name, options, received) => {
    const run = vi.fn(async () => 1);
    const read = createToolCache().read(run, { name: 'read', scope: 'global' });
    expectRefusal(await refusal(() => read.with(options as never)()), name, received);
    expect(run).not.toHaveBeenCalled();
  });
});

describe('explain refuses', () => {
  it('a tool that is not there, and names those that are', async () => {
    const cache = createToolCache();
    expectRefusal(await refusal(() => cache.explain('get_cart')), 'toolName', '"get_cart"');
    cache.read(async () => 1, { name: 'get_ticket' });
    const error = await refusal(() => cache.explain('get_cart'));
    expectRefusal(error, 'toolName', '"get_cart"');
    expect(String(error)).toContain('get_ticket');
    expectRefusal(await refusal(() => cache.explain(undefined as never)), 'toolName', 'undefined');
  });
});

describe('a closed cache', () => {
  const closed = { code: 'cache_closed', message: expect.stringContaining('"shop"') as string };

  it.each<[string, (cache: ToolCache, session: Session) => unknown]>([
    ['invalidate', (cache) => cache.invalidate('cart')],
    ['openSession', (cache) => cache.openSession()],
    ['session', (cache) => cache.session({}, () => 1)],
    ['session.invalidate', (_, session) => session.invalidate('cart')],
  ])('refuses %s', async (_, act) => {
    const cache = createToolCache({ namespace: 'shop' });
    const session = cache.openSession();
    await cache.close();
    await cache.close();
    expect(await refusal(() => act(cache, session))).toMatchObject(closed);
  });

  it('lets tools run, past the cache', async () => {
    const log = eventLog();
    const run = vi.fn(async () => run.mock.calls.length);
    const cache = createToolCache({ onEvent: log.listener });
    const read = cache.read(run, { name: 'read', scope: 'global', resource: 'x' });
    const write = cache.write(async () => 'done', { name: 'write', scope: 'global', invalidates: 'x' });
    await read();
    await cache.close();
    expect([await read(), await read(), await write()]).toEqual([2, 3, 'done']);
    expect(log.of('call-bypassed').map(({ reason }) => reason)).toEqual(['closed', 'closed']);
    expect(cache.metrics().entries).toBe(0);
  });
});
