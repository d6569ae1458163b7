import { describe, expect, it } from 'vitest';

import { createToolCache, type ToolPolicy } from '../src/index.ts';
import { eventLog } from './event-log.ts';
import { heldTool } from './held-tool.ts';
import { quiescence } from './quiescence.ts';
import { watched } from './watched.ts';

function givenHeldPage() {
  const log = eventLog();
  const cache = createToolCache({ onEvent: log.listener });
  const fetchPage = heldTool<[string], { text: string }>();
  const getPage = cache.read(fetchPage, { name: 'get_page', scope: 'global', resource: 'page' });
  return { cache, log, fetchPage, getPage };
}

describe('concurrent identical reads', () => {
  it('run the tool once', async () => {
    const { cache, getPage, fetchPage } = givenHeldPage();
    const reads = Array.from({ length: 100 }, () => getPage('/'));
    (await fetchPage.call(0)).answer({ text: 'home' });
    expect(await Promise.all(reads)).toEqual(Array.from({ length: 100 }, () => ({ text: 'home' })));
    expect(fetchPage.calls).toHaveLength(1);
    expect(cache.metrics()).toMatchObject({ misses: 1, coalesced: 99, hits: 0, upstreamCalls: 1, hitRate: 0.99 });
  });

  it('never share an object', async () => {
    const { getPage, fetchPage } = givenHeldPage();
    const reads = Array.from({ length: 3 }, () => getPage('/'));
    (await fetchPage.call(0)).answer({ text: 'home' });
    const pages = await Promise.all(reads);
    expect(new Set(pages).size).toBe(3);
    for (const page of pages) page.text += ', changed';
    expect(await getPage('/')).toEqual({ text: 'home' });
  });

  it('run the tool for each set of arguments', async () => {
    const { getPage, fetchPage } = givenHeldPage();
    const reads = [getPage('/a'), getPage('/b'), getPage('/a')];
    for (const place of [0, 1]) {
      const call = await fetchPage.call(place);
      call.answer({ text: call.args[0] });
    }
    expect(await Promise.all(reads)).toEqual([{ text: '/a' }, { text: '/b' }, { text: '/a' }]);
    expect(fetchPage.calls).toHaveLength(2);
  });

  it('of two sessions are not the same read', async () => {
    const cache = createToolCache();
    const fetch = heldTool<[], string>();
    const read = cache.read(fetch, { name: 'read' });
    const reads = ['a', 'b'].map((id) => cache.session({ id }, () => read()));
    (await fetch.call(0)).answer('for a');
    (await fetch.call(1)).answer('for b');
    expect(await Promise.all(reads)).toEqual(['for a', 'for b']);
  });

  it('of a result that cannot be stored share the load all the same', async () => {
    const cache = createToolCache();
    const fetch = heldTool<[], (() => string) | undefined>();
    const read = cache.read(fetch, { name: 'read', scope: 'global' });
    const reads = [read(), read()];
    (await fetch.call(0)).answer(() => 'a function');
    expect((await Promise.all(reads)).map((run) => run?.())).toEqual(['a function', 'a function']);
    const later = read();
    (await fetch.call(1)).answer(undefined);
    expect(await later).toBeUndefined();
  });
});

describe('concurrent reads of a result that tells its own resources', () => {
  function givenOrders(cacheIf?: () => boolean) {
    const cache = createToolCache();
    const fetch = heldTool<[], { customer: string } | undefined>();
    const resultResource = (order: { customer: string } | undefined): string[] => ['customer', order?.customer ?? ''];
    const options = { name: 'find_order', scope: 'global', resultResource, ...(cacheIf && { cacheIf }) } as const;
    return { cache, fetch, read: cache.read(fetch, options) };
  }

  it('run the tool once', async () => {
    const { cache, fetch, read } = givenOrders();
    const reads = Array.from({ length: 10 }, () => read());
    (await fetch.call(0)).answer({ customer: 'c1' });
    expect(await Promise.all(reads)).toEqual(Array.from({ length: 10 }, () => ({ customer: 'c1' })));
    expect(fetch.calls).toHaveLength(1);
    expect(cache.metrics()).toMatchObject({ misses: 1, coalesced: 9, hits: 0 });
  });

  it('do not queue up to run it one after the other when the result is not stored', async () => {
    const { fetch, read } = givenOrders(() => false);
    const reads = Array.from({ length: 10 }, () => watched(read()));
    (await fetch.call(0)).answer({ customer: 'c1' });
    await quiescence();
    for (const { answer } of fetch.calls) answer({ customer: 'c1' });
    await quiescence();
    expect(reads.map(({ state }) => state)).toEqual(Array.from({ length: 10 }, () => 'fulfilled'));
  });
});

describe('a load that fails', () => {
  it('fails for everybody with the same error, and the next read tries again', async () => {
    const { cache, getPage, fetchPage } = givenHeldPage();
    const reads = Array.from({ length: 5 }, () => watched(getPage('/')));
    const failure = new Error('503');
    (await fetchPage.call(0)).fail(failure);
    await quiescence();
    expect(reads.map(({ error }) => error)).toEqual(Array.from({ length: 5 }, () => failure));
    expect(reads.every(({ error }) => error === failure)).toBe(true);
    expect(cache.metrics()).toMatchObject({ entries: 0, errors: 1, upstreamCalls: 1 });
    const next = getPage('/');
    (await fetchPage.call(1)).answer({ text: 'home' });
    expect(await next).toEqual({ text: 'home' });
  });

  it('fails once when the tool throws before its first await', async () => {
    const cache = createToolCache();
    let runs = 0;
    const read = cache.read(
      (): string => {
        runs += 1;
        throw new TypeError(`run ${runs}`);
      },
      { name: 'read', scope: 'global' },
    );
    const [one, two] = await Promise.allSettled([read(), read()]);
    expect(one).toMatchObject({ status: 'rejected', reason: { message: 'run 1' } });
    expect(two).toEqual(one);
    await expect(read()).rejects.toThrow('run 2');
  });
});

describe('a caller that stops waiting', () => {
  it('is rejected with the reason of its signal, and the others get the value', async () => {
    const { getPage, fetchPage } = givenHeldPage();
    const controllers = Array.from({ length: 3 }, () => new AbortController());
    const leaving = controllers.map(({ signal }) => watched(getPage.with({ signal })('/')));
    const staying = getPage('/');
    const load = await fetchPage.call(0);
    const reason = { why: 'the user pressed stop' };
    for (const controller of controllers) controller.abort(reason);
    await quiescence();
    expect(leaving.map(({ error }) => error)).toEqual([reason, reason, reason]);
    expect(leaving.every(({ error }) => error === reason)).toBe(true);
    load.answer({ text: 'home' });
    expect(await staying).toEqual({ text: 'home' });
    expect(await getPage('/')).toEqual({ text: 'home' });
    expect(fetchPage.calls).toHaveLength(1);
  });

  it('that was a follower leaves the leader alone', async () => {
    const { getPage, fetchPage } = givenHeldPage();
    const controller = new AbortController();
    const leader = getPage('/');
    const follower = watched(getPage.with({ signal: controller.signal })('/'));
    const load = await fetchPage.call(0);
    controller.abort();
    await quiescence();
    expect(follower.state).toBe('rejected');
    load.answer({ text: 'home' });
    expect(await leader).toEqual({ text: 'home' });
  });

  it('before it began runs nothing', async () => {
    const { getPage, fetchPage } = givenHeldPage();
    const reason = new Error('too late');
    await expect(getPage.with({ signal: AbortSignal.abort(reason) })('/')).rejects.toBe(reason);
    await quiescence();
    expect(fetchPage.calls).toHaveLength(0);
  });

  it('stops waiting also for a read that runs past the cache', async () => {
    const cache = createToolCache();
    const fetch = heldTool<[], string>();
    const read = cache.read(fetch, { name: 'read', scope: 'session' });
    const controller = new AbortController();
    const reading = watched(read.with({ signal: controller.signal })());
    await fetch.call(0);
    controller.abort(new Error('the user pressed stop'));
    await quiescence();
    expect(reading).toMatchObject({ state: 'rejected', error: { message: 'the user pressed stop' } });
  });
});

describe('a load that nobody waits for any more', () => {
  const policy: ToolPolicy = { kind: 'read', scope: 'global' };

  it('is told to stop, and the next read begins a new one', async () => {
    const { cache, log } = givenHeldPage();
    const signals: AbortSignal[] = [];
    const answers = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    const read = (signal?: AbortSignal): Promise<{ status: string; value: string }> =>
      cache.call({ toolName: 'slow', args: [], signal }, policy, async (execution) => {
        signals.push(execution.signal);
        return (answers[signals.length - 1] as { promise: Promise<string> }).promise;
      });
    const controllers = [new AbortController(), new AbortController()];
    const abandoned = controllers.map(({ signal }) => watched(read(signal)));
    await quiescence();
    controllers[0]?.abort();
    await quiescence();
    expect(signals[0]?.aborted).toBe(false);
    controllers[1]?.abort();
    await quiescence();
    expect(signals[0]?.aborted).toBe(true);
    expect(abandoned.map(({ state }) => state)).toEqual(['rejected', 'rejected']);

    const next = read();
    await quiescence();
    expect(signals).toHaveLength(2);
    expect(signals[1]?.aborted).toBe(false);
    answers[0]?.resolve('from the abandoned load');
    await quiescence();
    answers[1]?.resolve('fresh');
    expect(await next).toEqual({ status: 'miss', value: 'fresh' });
    expect(await read()).toEqual({ status: 'hit', value: 'fresh' });
    expect(log.of('entry-stored')).toHaveLength(1);
  });

  it('may fail unnoticed', async () => {
    const { cache } = givenHeldPage();
    const controller = new AbortController();
    const call = { toolName: 'slow', args: [], signal: controller.signal };
    const reading = watched(
      cache.call(call, policy, ({ signal }) => {
        const { promise, reject } = Promise.withResolvers<string>();
        signal.addEventListener('abort', () => reject(new Error('stopped, as it was told')));
        return promise;
      }),
    );
    await quiescence();
    controller.abort(new Error('stop'));
    await quiescence();
    expect(reading).toMatchObject({ state: 'rejected', error: { message: 'stop' } });
  });
});
