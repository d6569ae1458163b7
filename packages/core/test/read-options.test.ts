import { describe, expect, it, vi } from 'vitest';

import { createToolCache, memoryStore } from '../src/index.ts';
import { manualClock } from '../src/testing/index.ts';
import { quiescence } from './quiescence.ts';

const GLOBAL = { scope: 'global' } as const;

/** Returns a tool that tells how often it has run. */
function counting() {
  const run = vi.fn(async (..._args: readonly unknown[]) => run.mock.calls.length);
  return run;
}

describe('name', () => {
  it('is that of the function by default', async () => {
    const cache = createToolCache();
    async function getWeather(): Promise<string> {
      return 'sunny';
    }
    const wrapped = cache.read(getWeather, GLOBAL);
    expect([wrapped.name, wrapped.tool]).toEqual(['getWeather', { name: 'getWeather', kind: 'read', scope: 'global' }]);
    await wrapped();
    expect(cache.metrics().tools['getWeather']).toMatchObject({ misses: 1 });
  });

  it('tells tools apart', async () => {
    const cache = createToolCache();
    const one = cache.read(async () => 'one', { name: 'one', ...GLOBAL });
    const two = cache.read(async () => 'two', { name: 'two', ...GLOBAL });
    expect([await one(), await two(), await one()]).toEqual(['one', 'two', 'one']);
  });
});

describe('two tools of one name', () => {
  it('are refused where nobody has said that they are meant to be one', () => {
    const cache = createToolCache();
    const users = { get: async (id: string) => `user ${id}` };
    const orders = { get: async (id: string) => `order ${id}` };
    cache.read(users.get, GLOBAL);
    expect(() => cache.read(orders.get, GLOBAL)).toThrow('"name"');
    expect(() => cache.write(orders.get, { invalidates: 'order' })).toThrow('"name"');
  });

  it('are one where both are given the name', async () => {
    const cache = createToolCache();
    const [first, second] = [counting(), counting()];
    expect(await cache.read(first, { name: 'tool', ...GLOBAL })('a')).toBe(1);
    await cache.read(second, { name: 'tool', ...GLOBAL })('a');
    expect(second).not.toHaveBeenCalled();
  });

  it('are refused for decorated methods of two classes', () => {
    const cache = createToolCache();
    const context = { kind: 'method', name: 'get' } as ClassMethodDecoratorContext;
    const options = { ...GLOBAL, key: (id: string) => id };
    cache.readMethod(options)(async (id: string) => `user ${id}`, context);
    expect(() => cache.readMethod(options)(async (id: string) => `order ${id}`, context)).toThrow('"name"');
  });
});

describe('version', () => {
  it('keeps results of an older meaning out', async () => {
    const cache = createToolCache();
    const [old, renewed] = ['1', '2'].map((version) =>
      cache.read(async () => version, { name: 'tool', version, ...GLOBAL }),
    );
    expect([await old?.(), await renewed?.(), await old?.()]).toEqual(['1', '2', '1']);
    const same = cache.read(async () => 'never runs', { name: 'tool', ...GLOBAL });
    expect(await same()).toBe('1');
  });
});

describe('key', () => {
  it('says what identifies a call', async () => {
    const cache = createToolCache();
    const run = counting();
    const read = cache.read(run, { name: 'tool', ...GLOBAL, key: (text) => String(text).trim().toLowerCase() });
    expect([await read('A'), await read(' a '), await read('b')]).toEqual([1, 1, 2]);
    expect(await read.invalidate(' A')).toBe(true);
    expect(await read('a')).toBe(3);
  });

  it('may leave out what cannot be encoded', async () => {
    const cache = createToolCache();
    const run = counting();
    const read = cache.read(run, { name: 'tool', ...GLOBAL, key: (_database, id) => id });
    expect([await read(() => 1, 'a'), await read(() => 2, 'a')]).toEqual([1, 1]);
  });

  it.each([
    ['throws', () => fail()],
    ['returns what cannot be encoded', () => () => 1],
  ])('that %s lets the call run past the cache', async (_, key) => {
    const cache = createToolCache();
    const read = cache.read(counting(), { name: 'tool', ...GLOBAL, key });
    expect([await read(1), await read(1)]).toEqual([1, 2]);
    expect(cache.metrics()).toMatchObject({ bypassed: 2, misses: 0 });
  });
});

describe('arguments', () => {
  it('are told apart by type and content, whatever the order of their properties', async () => {
    const cache = createToolCache();
    const read = cache.read(counting(), { name: 'tool', ...GLOBAL });
    const calls = [
      [],
      [undefined],
      [null],
      [0],
      ['0'],
      [false],
      [''],
      [[]],
      [{}],
      [{ a: 1 }],
      [{ a: '1' }],
      [1, 2],
      [2, 1],
      [[1, 2]],
      [new Date(0)],
    ];
    const answers: number[] = [];
    for (const args of calls) answers.push(await read(...args));
    expect(answers).toEqual(calls.map((_, index) => index + 1));
    expect(await read({ b: [{ d: 1, c: 2 }], a: 1 })).toBe(calls.length + 1);
    expect(await read({ a: 1, b: [{ c: 2, d: 1 }] })).toBe(calls.length + 1);
  });

  it('that the tool changes have been looked at before', async () => {
    const cache = createToolCache();
    const run = vi.fn(async (input: { query: string }) => {
      input.query = 'changed';
      return run.mock.calls.length;
    });
    const read = cache.read(run, { name: 'tool', ...GLOBAL, resource: ({ query }) => ['query', query] });
    expect([await read({ query: 'a' }), await read({ query: 'a' })]).toEqual([1, 1]);
    await cache.invalidate(['query', 'changed']);
    expect(await read({ query: 'a' })).toBe(1);
    await cache.invalidate(['query', 'a']);
    expect(await read({ query: 'a' })).toBe(2);
  });
});

describe('ttl', () => {
  it('is that of the tool, or of the cache', async () => {
    const clock = manualClock();
    const cache = createToolCache({ clock, ttl: '1m' });
    const [own, inherited] = [counting(), counting()];
    const [short, long] = [
      cache.read(own, { name: 'own', ...GLOBAL, ttl: '10s' }),
      cache.read(inherited, { name: 'inherited', ...GLOBAL }),
    ];
    await short();
    await long();
    await clock.advance(10_000);
    expect([await short(), await long()]).toEqual([2, 1]);
    await clock.advance(50_000);
    expect(await long()).toBe(2);
  });

  it('may be computed from each result', async () => {
    const clock = manualClock();
    const cache = createToolCache({ clock });
    const run = vi.fn(async (state: string) => ({ state, run: run.mock.calls.length }));
    const read = cache.read(run, { name: 'job', ...GLOBAL, ttl: ({ state }) => (state === 'done' ? '1h' : '1s') });
    await read('done');
    await read('running');
    await clock.advance(1_000);
    expect([(await read('done')).run, (await read('running')).run]).toEqual([1, 3]);
  });
});

describe('isolation', () => {
  it('"freeze" and "share" hand out one object', async () => {
    const cache = createToolCache();
    const frozen = cache.read(async () => ({ items: ['a'] }), { name: 'frozen', ...GLOBAL, isolation: 'freeze' });
    const shared = cache.read(async () => ({ run: () => 1 }), { name: 'shared', ...GLOBAL, isolation: 'share' });
    await frozen();
    expect(await frozen()).toBe(await frozen());
    expect(Object.isFrozen((await frozen()).items)).toBe(true);
    expect(await shared()).toBe(await shared());
  });
});

describe('staleWhileRevalidate of a tool', () => {
  it('loads in the session of the caller, and not for one that has ended', async () => {
    const clock = manualClock();
    const cache = createToolCache({ clock });
    const run = counting();
    const read = cache.read(run, { name: 'tool', ttl: '1s', staleWhileRevalidate: '1m' });
    const session = cache.openSession({ id: 'a' });
    await session.run(() => read());
    await clock.advance(2_000);
    expect(await session.run(() => read())).toBe(1);
    await quiescence();
    expect(await session.run(() => read())).toBe(2);
    await session.end();
    await clock.advance(2_000);
    expect(await read.with({ session })()).toBe(3);
    expect(cache.metrics().entries).toBe(0);
  });
});

describe('namespaces on one store', () => {
  it('see nothing of each other', async () => {
    const store = memoryStore();
    const [one, two] = ['one', 'two'].map((namespace) => {
      const cache = createToolCache({ store, namespace });
      return { cache, read: cache.read(async () => namespace, { name: 'tool', ...GLOBAL, resource: 'x' }) };
    }) as unknown as [NamespaceParts, NamespaceParts];
    expect([await one.read(), await two.read()]).toEqual(['one', 'two']);
    await one.cache.invalidate('x');
    await two.read();
    expect(two.cache.metrics()).toMatchObject({ hits: 1, entries: 1 });
    one.cache.openSession({ id: 'a', userId: 'ada' });
    expect(two.cache.openSession({ id: 'a', userId: 'bob' }).userId).toBe('bob');
  });
});

interface NamespaceParts {
  readonly cache: ReturnType<typeof createToolCache>;
  readonly read: () => Promise<string>;
}

function fail(): never {
  throw new Error('no');
}
