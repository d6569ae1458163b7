import { describe, expect, it, vi } from 'vitest';

import { createToolCache, memoryStore, storeFromUrl, type ToolCache } from '../src/index.ts';
import { expectRefusal, refusal } from './refusal.ts';

type Case = [name: string, options: unknown, received?: string];

describe('createToolCache refuses', () => {
  it.each<Case>([
    ['options', null],
    ['options', 'shop'],
    ['namespace', { namespace: '' }, '""'],
    ['namespace', { namespace: 5 }, '5'],
    ['ttl', { ttl: 0 }, '0'],
    ['ttl', { ttl: -1 }, '-1'],
    ['ttl', { ttl: 'soon' }, '"soon"'],
    ['ttl', { ttl: '5 m' }, '"5 m"'],
    ['ttl', { ttl: NaN }, 'NaN'],
    ['ttl', { ttl: Infinity }, 'Infinity'],
    ['consistency', { consistency: 'eventual' }],
    ['consistency.maxStaleness', { consistency: {} }, 'undefined'],
    ['consistency.maxStaleness', { consistency: { maxStaleness: '-1s' } }, '"-1s"'],
    ['consistency', { consistency: { maxStalenes: '1s' } }],
    ['onEvent', { onEvent: 'log' }, '"log"'],
    ['clock', { clock: {} }],
    ['store', { store: 'memory:' }, '"memory:"'],
    ['tll', { tll: '5m' }, '"5m"'],
    ['maxEntries', { maxEntries: 5 }, '5'],
  ])('%s in %j', async (name, options, received) => {
    expectRefusal(await refusal(() => createToolCache(options as never)), name, received);
  });
});

describe('a store refuses', () => {
  it.each<Case>([
    ['maxEntries', { maxEntries: -1 }, '-1'],
    ['maxEntries', { maxEntries: 1.5 }, '1.5'],
    ['maxEntries', { maxEntries: '10' }, '"10"'],
    ['maxBytes', { maxBytes: NaN }, 'NaN'],
    ['maxTags', { maxTags: 0 }, '0'],
    ['sweepInterval', { sweepInterval: 0 }, '0'],
    ['maxEntry', { maxEntry: 5 }, '5'],
  ])('%s in %j', async (name, options, received) => {
    expectRefusal(await refusal(() => memoryStore(options as never)), name, received);
  });

  it.each(['http://localhost', 'memory', 'nonsense'])('the URL %s', async (url) => {
    expectRefusal(await refusal(() => storeFromUrl(url)), 'url', JSON.stringify(url));
  });
});

describe.each<[string, (cache: ToolCache, fn: unknown, options: unknown) => unknown, Record<string, unknown>]>([
  ['read', (cache, fn, options) => cache.read(fn as never, options as never), {}],
  ['write', (cache, fn, options) => cache.write(fn as never, options as never), { invalidates: 'x' }],
])('%s refuses', (kind, wrap, required) => {
  const tool = async (): Promise<number> => 1;
  const common: Case[] = [
    ['name', { name: '' }, '""'],
    ['name', { name: 5 }, '5'],
    ['scope', { scope: 'world' }, '"world"'],
    ['scope', { scope: null }, 'null'],
    ['key', { key: 'id' }, '"id"'],
    ['loop', { loop: 5 }, '5'],
    ['loop.ignore', { loop: { ignore: 'reason' } }, '"reason"'],
    ['loop.key', { loop: { key: 'id' } }, '"id"'],
    ['loop.resultKey', { loop: { resultKey: 'id' } }, '"id"'],
    ['loop.exempt', { loop: { exempt: 'yes' } }, '"yes"'],
    ['loop.poll', { loop: { poll: 5 } }, '5'],
    ['loop.poll.maxUnchanged', { loop: { poll: { maxUnchanged: 0 } } }, '0'],
    ['loop.poll.minIntervalMs', { loop: { poll: { minIntervalMs: '1s' } } }, '"1s"'],
    ['loop.ignored', { loop: { ignored: ['reason'] } }],
    ['loop.poll.maxUnchange', { loop: { poll: { maxUnchange: 5 } } }, '5'],
    ['nmae', { nmae: 'get_cart' }, '"get_cart"'],
  ];
  const reads: Case[] = [
    ['resource', { resource: 5 }, '5'],
    ['resource', { resource: ['order', 42] }, '42'],
    ['resource', { resource: [['order'], []] }],
    ['resultResource', { resultResource: 'x' }, '"x"'],
    ['ttl', { ttl: '1y' }, '"1y"'],
    ['ttl', { ttl: null }, 'null'],
    ['staleWhileRevalidate', { staleWhileRevalidate: -1 }, '-1'],
    ['staleIfError', { staleIfError: true }, 'true'],
    ['earlyRefresh', { earlyRefresh: -1 }, '-1'],
    ['earlyRefresh', { earlyRefresh: 'yes' }, '"yes"'],
    ['earlyRefresh', { earlyRefresh: Infinity }, 'Infinity'],
    ['isolation', { isolation: 'deep' }, '"deep"'],
    ['cacheIf', { cacheIf: true }, 'true'],
    ['version', { version: 2 }, '2'],
    ['resources', { resources: 'x' }, '"x"'],
    ['invalidates', { invalidates: 'x' }, '"x"'],
  ];
  const writes: Case[] = [
    ['invalidates', { invalidates: undefined }, 'undefined'],
    ['invalidates', { invalidates: 5 }, '5'],
    ['invalidates', { invalidates: ['order', 42] }, '42'],
    ['barrier', { barrier: true }],
    ['barrier', { barrier: null }],
    ['barrier', { barrier: '30s' }],
    ['barrier.maxDuration', { barrier: {} }, 'undefined'],
    ['barrier.maxDuration', { barrier: { maxDuration: 0 } }, '0'],
    ['barrier.maxDurations', { barrier: { maxDuration: '1s', maxDurations: '2s' } }],
    ['resource', { resource: 'x' }, '"x"'],
    ['ttl', { ttl: '1m' }, '"1m"'],
  ];

  it.each([...common, ...(kind === 'read' ? reads : writes)])('%s in %j', async (name, options, received) => {
    const cache = createToolCache();
    const all = { name: 'tool', ...required, ...(options as object) };
    expectRefusal(await refusal(() => wrap(cache, tool, all)), name, received);
    // Nothing half-done: the tool is not known to the cache.
    expectRefusal(await refusal(() => cache.explain('tool')), 'toolName');
  });

  it.each([
    ['fn', undefined, required],
    ['fn', { execute: tool }, required],
    ['options', tool, undefined],
    ['options', tool, 'cart'],
  ])('%s: %o, %o', async (name, fn, options) => {
    expectRefusal(await refusal(() => wrap(createToolCache(), fn, options)), name);
  });

  it('a function without a name where no name is given', async () => {
    const [nameless] = [async () => 1];
    expectRefusal(await refusal(() => wrap(createToolCache(), nameless, required)), 'name');
  });
});

describe('on refuses', () => {
  it.each([undefined, 'log'])('the listener %o', async (listener) => {
    expectRefusal(await refusal(() => createToolCache().on(listener as never)), 'listener');
  });
});

describe('a decorator refuses', () => {
  it.each([[{ kind: 'field', name: 'x' }], [{ kind: 'class', name: 'X' }], [undefined]])(
    'to decorate %j',
    async (context) => {
      const cache = createToolCache();
      const decorate = cache.readMethod({ scope: 'global' });
      expectRefusal(await refusal(() => decorate(vi.fn(), context as never)), 'target');
      expectRefusal(await refusal(() => cache.writeMethod({ invalidates: 'x' })(vi.fn(), context as never)), 'target');
    },
  );

  it('a wrong option where it stands', async () => {
    const cache = createToolCache();
    const context = { kind: 'method', name: 'get' } as never;
    const wrong = { scope: 'world' } as never;
    expectRefusal(await refusal(() => cache.readMethod(wrong)(vi.fn(), context)), 'scope', '"world"');
    expect(await refusal(() => cache.readMethod({ scope: 'global' })(vi.fn(), context))).toBeUndefined();
  });
});
