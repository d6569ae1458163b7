import { describe, expect, it } from 'vitest';

import { createToolCache, memoryStore } from '../src/index.ts';
import { faultyStore } from '../src/testing/index.ts';
import { heldTool } from './held-tool.ts';
import { quiescence } from './quiescence.ts';
import { watched } from './watched.ts';

/** Sets up two caches on one store, as two processes have them: nothing else is shared. */
function givenTwo(async: boolean) {
  const store = async ? faultyStore(memoryStore(), { async: true }) : memoryStore();
  const parts = [1, 2].map(() => {
    const cache = createToolCache({ store });
    const fetch = heldTool<[string], string | undefined>();
    const options = { name: 'read', scope: 'global', resource: 'data' } as const;
    const write = cache.write(async () => 'written', { name: 'write', scope: 'global', invalidates: 'data' });
    return { cache, fetch, read: cache.read(fetch, options), write };
  });
  return parts as [(typeof parts)[number], (typeof parts)[number]];
}

describe.each([
  ['that answers at once', false],
  ['that takes its time', true],
])('two caches on a store %s', (_, async) => {
  it('read what the other has stored', async () => {
    const [one, two] = givenTwo(async);
    const reading = one.read('a');
    (await one.fetch.call(0)).answer('value');
    await reading;
    await quiescence();
    expect(await two.read('a')).toBe('value');
    expect(two.fetch.calls).toHaveLength(0);
    expect(two.cache.metrics()).toMatchObject({ hits: 1, misses: 0 });
  });

  it('drop what the other writes over', async () => {
    const [one, two] = givenTwo(async);
    const reading = one.read('a');
    (await one.fetch.call(0)).answer('old');
    await reading;
    await quiescence();
    await two.write();
    const again = one.read('a');
    (await one.fetch.call(1)).answer('new');
    expect(await again).toBe('new');
  });

  it('load once: the second waits for the first', async () => {
    const [one, two] = givenTwo(async);
    const first = one.read('a');
    const load = await one.fetch.call(0);
    const second = watched(two.read('a'));
    await quiescence();
    expect(second.state).toBe('pending');
    load.answer('value');
    expect(await first).toBe('value');
    await quiescence();
    expect(second).toMatchObject({ state: 'fulfilled', value: 'value' });
    expect(two.fetch.calls).toHaveLength(0);
  });

  it.each([
    ['fails', (load: Load) => load.fail(new Error('no'))],
    ['is not worth storing', (load: Load) => load.answer(undefined)],
  ])('load for themselves when the load of the other %s', async (__, end) => {
    const [one, two] = givenTwo(async);
    const first = watched(one.read('a'));
    const load = await one.fetch.call(0);
    const second = two.read('a');
    await quiescence();
    end(load);
    (await two.fetch.call(0)).answer('from the second');
    expect(await second).toBe('from the second');
    expect(first.state).not.toBe('pending');
  });

  it('load for themselves when the other gives up', async () => {
    const [one, two] = givenTwo(async);
    const controller = new AbortController();
    const first = watched(one.read.with({ signal: controller.signal })('a'));
    await one.fetch.call(0);
    const second = two.read('a');
    await quiescence();
    controller.abort();
    (await two.fetch.call(0)).answer('from the second');
    expect(await second).toBe('from the second');
    expect(first.state).toBe('rejected');
  });

  it('never wait for a load from before an invalidation', async () => {
    const [one, two] = givenTwo(async);
    const early = one.read('a');
    const load = await one.fetch.call(0);
    await two.write();
    const late = two.read('a');
    (await two.fetch.call(0)).answer('new');
    expect(await late).toBe('new');
    load.answer('old');
    expect(await early).toBe('old');
    await quiescence();
    expect(await one.read('a')).toBe('new');
    expect(await two.read('a')).toBe('new');
  });

  it('let a caller that waits for the other give up', async () => {
    const [one, two] = givenTwo(async);
    const first = one.read('a');
    const load = await one.fetch.call(0);
    const controller = new AbortController();
    const second = watched(two.read.with({ signal: controller.signal })('a'));
    await quiescence();
    controller.abort(new Error('enough'));
    await quiescence();
    expect(second).toMatchObject({ state: 'rejected', error: { message: 'enough' } });
    load.answer('value');
    expect(await first).toBe('value');
  });

  it('share the results of a user', async () => {
    const [one, two] = givenTwo(async);
    const profile = [one, two].map(({ cache, fetch }) => cache.read(fetch, { name: 'profile', scope: 'user' }));
    const first = one.cache.session({ id: 'a', userId: 'ada' }, () => profile[0]?.('p'));
    (await one.fetch.call(0)).answer('profile of ada');
    await first;
    await quiescence();
    expect(await two.cache.session({ id: 'b', userId: 'ada' }, () => profile[1]?.('p'))).toBe('profile of ada');
    const other = two.cache.session({ id: 'c', userId: 'bob' }, () => profile[1]?.('p'));
    (await two.fetch.call(0)).answer('profile of bob');
    expect(await other).toBe('profile of bob');
  });
});

type Load = Awaited<ReturnType<ReturnType<typeof heldTool<[string], string | undefined>>['call']>>;
