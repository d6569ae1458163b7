import { describe, expect, it } from 'vitest';

import { createToolCache, type LoopFinding, type SessionOptions, type ToolCache } from '../src/index.ts';
import { eventLog } from './event-log.ts';
import { heldTool } from './held-tool.ts';
import { quiescence } from './quiescence.ts';
import { watched } from './watched.ts';

const GLOBAL = { scope: 'global' } as const;
type Read = () => Promise<string>;

/** Wraps reads that call each other, and returns what calls one by its name; `after` is what each waits for first. */
function givenReads(cache: ToolCache, needs: Readonly<Record<string, string>>, after: () => unknown = () => undefined) {
  const reads = new Map<string, Read>();
  const call = async (name: string): Promise<string> => (reads.get(name) as Read)();
  for (const [name, other] of Object.entries(needs)) {
    const load = async (): Promise<string> => {
      await after();
      return `${name} of ${await call(other)}`;
    };
    reads.set(name, cache.read(load, { name, ...GLOBAL }));
  }
  return call;
}

describe('a read that calls itself', () => {
  it.each<[string, SessionOptions | undefined]>([
    ['without a session', undefined],
    ['in a session', {}],
    ['in a session that looks for no loops', { loopDetection: false }],
  ])('is refused %s', async (_, session) => {
    const cache = createToolCache();
    const call = givenReads(cache, { snake: 'snake' });
    const run = () => call('snake');
    await expect(session === undefined ? run() : cache.session(session, run)).rejects.toMatchObject({
      code: 'loop_detected',
      rule: 'recursion',
      tool: 'snake',
      path: ['snake', 'snake'],
      message: 'Recursion detected: snake -> snake',
    });
    expect(cache.metrics()).toMatchObject({ loopDetections: 1, entries: 0 });
  });

  it.each([
    ['in a child session', (cache: ToolCache, fn: Read) => cache.session({}, (session) => session.child().run(fn))],
    ['in a session of its own', (cache: ToolCache, fn: Read) => cache.session({}, () => fn())],
  ])('is refused %s too', async (_, inside) => {
    const cache = createToolCache();
    const read: Read = cache.read(async () => inside(cache, () => read()), { name: 'snake', ...GLOBAL });
    const reading = watched(read());
    await quiescence();
    expect(reading).toMatchObject({ state: 'rejected', error: { rule: 'recursion', path: ['snake', 'snake'] } });
  });

  it('is refused across another cache', async () => {
    const [one, two] = [createToolCache(), createToolCache()];
    const back: Read = two.read(async () => read(), { name: 'back', ...GLOBAL });
    const read: Read = one.read(async () => back(), { name: 'snake', ...GLOBAL });
    const reading = watched(read());
    await quiescence();
    expect(reading).toMatchObject({ state: 'rejected', error: { rule: 'recursion' } });
  });

  it('with other arguments is not a recursion', async () => {
    const cache = createToolCache();
    const factorial: (n: number) => Promise<number> = cache.read(
      async (n: number) => (n === 0 ? 1 : n * (await factorial(n - 1))),
      { name: 'factorial', ...GLOBAL },
    );
    expect(await factorial(20)).toBe(2_432_902_008_176_640_000);
    expect(cache.metrics()).toMatchObject({ misses: 21, loopDetections: 0 });
  });

  it('twice, one after the other, is not a recursion', async () => {
    const cache = createToolCache();
    const leaf = cache.read(async () => 'leaf', { name: 'leaf', ...GLOBAL });
    const tree = cache.read(async () => [await leaf(), await leaf()], { name: 'tree', ...GLOBAL });
    expect(await tree()).toEqual(['leaf', 'leaf']);
  });
});

describe('a recursion that the session lets run', () => {
  function givenCountdown(onLoop: (finding: LoopFinding) => 'allow' | 'raise', levels: number) {
    const log = eventLog();
    const cache = createToolCache({ onEvent: log.listener });
    let left = levels;
    const countdown: Read = cache.read(
      async () => {
        left -= 1;
        return left > 0 ? `${left} ${await countdown()}` : 'done';
      },
      { name: 'countdown', ...GLOBAL },
    );
    return { log, run: () => cache.session({ onLoop, maxExecutionDepth: 10 }, () => countdown()) };
  }

  it('runs past the cache', async () => {
    const { log, run } = givenCountdown(() => 'allow', 4);
    expect(await run()).toBe('3 2 1 done');
    expect(log.of('call-bypassed').map(({ reason }) => reason)).toEqual(['recursion', 'recursion', 'recursion']);
  });

  it('still counts for the number of calls', async () => {
    const { run } = givenCountdown(({ rule }) => (rule === 'recursion' ? 'allow' : 'raise'), 200);
    await expect(run()).rejects.toMatchObject({ rule: 'depth', limit: 10 });
  });

  it('is answered with null when it is short-circuited', async () => {
    const cache = createToolCache();
    const call = givenReads(cache, { snake: 'snake' });
    expect(await cache.session({ onLoop: 'short_circuit' }, () => call('snake'))).toBe('snake of null');
  });
});

describe('reads that call each other', () => {
  it('are refused where the circle closes', async () => {
    const cache = createToolCache();
    const call = givenReads(cache, { a: 'b', b: 'c', c: 'a' });
    await expect(call('a')).rejects.toMatchObject({ rule: 'recursion', path: ['a', 'b', 'c', 'a'] });
  });

  it.each([2, 3, 5])('and are started side by side do not wait for each other for ever (%i)', async (size) => {
    const cache = createToolCache();
    const names = Array.from({ length: size }, (_, index) => `read ${index}`);
    const needs = Object.fromEntries(names.map((name, index) => [name, names[(index + 1) % size] as string]));
    const { promise: all, resolve: goOn } = Promise.withResolvers<void>();
    const call = givenReads(cache, needs, () => all);
    const readings = names.map((name) => watched(call(name)));
    await quiescence();
    goOn();
    await quiescence();
    expect(readings.map(({ state }) => state)).toEqual(names.map(() => 'rejected'));
    expect(readings.every(({ error }) => (error as LoopFinding).rule === 'recursion')).toBe(true);
  });

  it('come to an end side by side when they do so one by one', async () => {
    const cache = createToolCache();
    const gate = heldTool<[string], void>();
    let visits = 0;
    async function load(name: string, other: () => Promise<string>): Promise<string> {
      visits += 1;
      if (visits > 2) return `${name} alone`;
      await gate(name);
      return `${name} with ${await other()}`;
    }
    const one: Read = cache.read(() => load('one', () => two()), { name: 'one', ...GLOBAL });
    const two: Read = cache.read(() => load('two', () => one()), { name: 'two', ...GLOBAL });
    const readings = [watched(one()), watched(two())];
    (await gate.call(0)).answer();
    (await gate.call(1)).answer();
    await quiescence();
    expect(readings.map(({ state }) => state)).toEqual(['fulfilled', 'fulfilled']);
  });
});

describe('two loads that run side by side and need each other', () => {
  const DETOURS: readonly [string, (cache: ToolCache, name: string, inner: Read) => Read][] = [
    ['through a write', (cache, name, inner) => cache.write(inner, { name, ...GLOBAL, invalidates: `log of ${name}` })],
    ['through a read past the cache', (cache, name, inner) => cache.read(inner, { name, scope: 'session' })],
    ['through an unwatched tool', (cache, name, inner) => throughCall(cache, name, inner)],
    ['through a session', (cache, _, inner) => async () => cache.session({}, () => inner())],
  ];

  it.each(DETOURS)('do not wait for each other for ever %s', async (_, detour) => {
    const cache = createToolCache();
    const gate = heldTool<[], void>();
    const one: Read = cache.read(async () => gate().then(toTwo), { name: 'one', ...GLOBAL });
    const two: Read = cache.read(async () => gate().then(toOne), { name: 'two', ...GLOBAL });
    const toTwo = detour(cache, 'to two', () => two());
    const toOne = detour(cache, 'to one', () => one());
    const readings = [watched(one()), watched(two())];
    (await gate.call(0)).answer();
    (await gate.call(1)).answer();
    await quiescence();
    for (const { answer } of gate.calls) answer();
    await quiescence();
    expect(readings.map(({ state }) => state)).not.toContain('pending');
  });
});

describe('two loads in two caches that need each other', () => {
  it('do not wait for each other for ever', async () => {
    const [here, there] = [createToolCache(), createToolCache()];
    const { promise: both, resolve: goOn } = Promise.withResolvers<void>();
    const one: Read = here.read(async () => both.then(() => two()), { name: 'one', ...GLOBAL });
    const two: Read = there.read(async () => both.then(() => one()), { name: 'two', ...GLOBAL });
    const readings = [watched(one()), watched(two())];
    await quiescence();
    goOn();
    await quiescence();
    expect(readings.map(({ state }) => state)).not.toContain('pending');
  });
});

describe('a load that waits twice for another', () => {
  it('still waits for it when one of the waits ends early', async () => {
    const cache = createToolCache();
    const gate = heldTool<[], void>();
    const controller = new AbortController();
    const one: Read = cache.read(
      async () => {
        const impatient = two.with({ signal: controller.signal })();
        const [, patient] = await Promise.allSettled([impatient, two()]);
        return `one with ${patient.status}`;
      },
      { name: 'one', ...GLOBAL },
    );
    const two = cache.read(async () => gate().then(async () => `two with ${await one()}`), { name: 'two', ...GLOBAL });
    const readings = [watched(two()), watched(one())];
    await quiescence();
    controller.abort();
    await quiescence();
    (await gate.call(0)).answer();
    await quiescence();
    for (const { answer } of gate.calls) answer();
    await quiescence();
    expect(readings.map(({ state }) => state)).not.toContain('pending');
  });
});

function throughCall(cache: ToolCache, name: string, inner: Read): Read {
  return async () => (await cache.call({ toolName: name, args: [] }, { kind: 'other' }, inner)).value;
}
