import { describe, expect, it, vi } from 'vitest';

import { memoize } from '../src/index.ts';
import { manualClock } from '../src/testing/index.ts';
import { eventLog } from './event-log.ts';

describe('memoize', () => {
  it('runs the function once for the same arguments', async () => {
    const add = vi.fn((a: number, b: number) => a + b);
    const cached = memoize(add);
    expect([await cached(1, 2), await cached(1, 2), await cached(2, 1)]).toEqual([3, 3, 3]);
    expect(add.mock.calls).toEqual([
      [1, 2],
      [2, 1],
    ]);
  });

  it('tells arguments apart by type, number and content', async () => {
    const count = vi.fn((..._args: unknown[]) => count.mock.calls.length);
    const cached = memoize(count);
    const calls = [[], [undefined], [null], [1], ['1'], [1, undefined], [[1]], [{ a: 1 }], [{ a: 1, b: undefined }]];
    const answers: number[] = [];
    for (const args of calls) answers.push(await cached(...args));
    expect(answers).toEqual(calls.map((_, index) => index + 1));
    expect(await cached({ a: 1 })).toBe(8);
  });

  it('leaves out the first arguments, such as a database handle', async () => {
    const query = vi.fn(async (database: { run: (text: string) => string }, text: string) => database.run(text));
    const cached = memoize(query, { skipArgs: 1 });
    expect(await cached({ run: (text) => `one ${text}` }, 'a')).toBe('one a');
    expect(await cached({ run: (text) => `two ${text}` }, 'a')).toBe('one a');
    expect(await cached({ run: (text) => `two ${text}` }, 'b')).toBe('two b');
    expect(await cached.invalidate({ run: String }, 'a')).toBe(true);
    expect(query).toHaveBeenCalledTimes(2);
  });

  it('passes "this" on', async () => {
    const shop = {
      prefix: 'item',
      find: memoize(async function (this: { prefix: string }, id: number) {
        return `${this.prefix} ${id}`;
      }),
    };
    expect(await shop.find(1)).toBe('item 1');
  });

  it('runs a call whose arguments cannot be encoded every time, and counts it', async () => {
    class Socket {}
    const log = eventLog();
    const run = vi.fn((_input: unknown) => run.mock.calls.length);
    const cached = memoize(run, { onEvent: log.listener });
    expect([await cached(() => 1), await cached(new Socket()), await cached(() => 1)]).toEqual([1, 2, 3]);
    expect(await cached.invalidate(new Socket())).toBe(false);
    expect(log.of('call-bypassed').map(({ reason }) => reason)).toEqual(['not-keyable', 'not-keyable', 'not-keyable']);
    expect(cached.metrics()).toMatchObject({ bypassed: 3, misses: 0 });
  });

  it('drops one result, or all', async () => {
    const run = vi.fn((id: number) => id);
    const cached = memoize(run);
    await cached(1);
    await cached(2);
    expect([await cached.invalidate(1), await cached.invalidate(1)]).toEqual([true, false]);
    await cached(1);
    await cached(2);
    expect(run).toHaveBeenCalledTimes(3);
    await cached.clear();
    expect(cached.metrics().entries).toBe(0);
    await cached(2);
    expect(run).toHaveBeenCalledTimes(4);
  });

  it('counts what happened', async () => {
    const cached = memoize((id: number) => id);
    await Promise.all([cached(1), cached(1)]);
    await cached(1);
    expect(cached.metrics()).toMatchObject({
      hits: 1,
      misses: 1,
      coalesced: 1,
      hitRate: 2 / 3,
      entries: 1,
      upstreamCalls: 1,
    });
  });

  it('keeps the name of the function', () => {
    async function loadUser(): Promise<void> {}
    expect(memoize(loadUser).name).toBe('loadUser');
  });

  it('holds 128 results for five minutes by default', async () => {
    const clock = manualClock();
    const run = vi.fn((id: number) => id);
    const cached = memoize(run, { clock });
    for (let id = 0; id < 200; id += 1) await cached(id);
    expect(cached.metrics()).toMatchObject({ entries: 128, evictions: 72 });
    await clock.advance(299_999);
    await cached(199);
    expect(run).toHaveBeenCalledTimes(200);
    await clock.advance(1);
    await cached(199);
    expect(run).toHaveBeenCalledTimes(201);
  });

  it('holds as many for as long as it is told, and what cacheIf likes', async () => {
    const clock = manualClock();
    const run = vi.fn((id: number) => id);
    const cached = memoize(run, { clock, maxEntries: 2, ttl: '1s', cacheIf: (result) => result > 0 });
    for (const id of [0, 1, 2, 3]) await cached(id);
    expect(cached.metrics().entries).toBe(2);
    await cached(0);
    expect(run).toHaveBeenCalledTimes(5);
    await clock.advance(1_000);
    await cached(3);
    expect(run).toHaveBeenCalledTimes(6);
  });

  it('stores no error, and turns a throw into a rejection', async () => {
    const failure = new Error('at once');
    const run = vi.fn((_id: number): string => {
      throw failure;
    });
    const cached = memoize(run);
    await expect(cached(1)).rejects.toBe(failure);
    run.mockReturnValue('recovered');
    expect(await cached(1)).toBe('recovered');
  });

  it('may call itself with other arguments', async () => {
    const run = vi.fn(async (n: number): Promise<bigint> =>
      n < 2 ? BigInt(n) : (await fibonacci(n - 1)) + (await fibonacci(n - 2)),
    );
    const fibonacci: (n: number) => Promise<bigint> = memoize(run);
    expect(await fibonacci(90)).toBe(2880067194370816120n);
    expect(run).toHaveBeenCalledTimes(91);
  });

  it('keeps two functions of one name apart', async () => {
    const [one, two] = [memoize(() => 1), memoize(() => 2)];
    expect([await one(), await two(), await one()]).toEqual([1, 2, 1]);
  });
});
