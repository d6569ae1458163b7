import { startProxy, startValkey } from '@keepstep/test-servers';
import { describe, expect, it } from 'vitest';

import { storeFromUrl } from '../src/index.ts';
import { createAgentState } from '../src/state/index.ts';
import { valkeyStore } from '../src/stores/valkey/index.ts';

describe('durable state on Valkey', () => {
  it('is there for another process, also through a store that a URL names', async () => {
    await using server = await startValkey({});
    const [one, other] = [valkeyStore({ url: server.url }), storeFromUrl(server.url)];
    const [here, there] = [createAgentState({ store: one }), createAgentState({ store: other })];
    await here.data('project').set('status', { is: 'active', since: new Date(0) });
    expect(await there.data('project').get('status')).toEqual({ is: 'active', since: new Date(0) });
    await here.run('r1').step('search', async () => ['a', 'b']);
    let isRepeated = false;
    const again = await there
      .run('r1', { wait: '5s' })
      .step('search', async () => (isRepeated = true))
      .catch((error: Error) => error.message);
    expect([isRepeated, again]).toEqual([false, expect.stringContaining('r1')]);
    await one.close();
    await other.close();
  });

  it('counts once what is sent again because its answer was lost', async () => {
    await using server = await startValkey({});
    await using proxy = await startProxy(server);
    const store = valkeyStore({ url: `valkey://${proxy.host}:${proxy.port}`, stateBudget: '300ms' });
    const data = createAgentState({ store }).data('counts');
    await data.increment('calls');
    for (let round = 0; round < 20; round += 1) {
      proxy.loseReplies({ commands: ['EVALSHA'], count: 1 });
      await data.increment('calls');
      expect(proxy.lostReplies).toBe(1);
    }
    proxy.heal();
    const plain = createAgentState({ store: storeFromUrl(server.url) }).data('counts');
    expect(await plain.get('calls')).toBe(21);
    await store.close();
  });

  it('takes more values in one step than a function takes arguments', async () => {
    await using server = await startValkey({});
    const store = valkeyStore({ url: server.url, stateBudget: '30s' });
    const data = createAgentState({ store }).data('many');
    const values = new Map(Array.from({ length: 20_000 }, (_, index) => [`key ${index}`, index]));
    await data.setMany(values);
    expect(await data.getMany([...values.keys()])).toEqual(values);
    await store.close();
  });

  it('gives no lower a fence when the last one was lost with all the rest', async () => {
    await using server = await startValkey({});
    const store = valkeyStore({ url: server.url });
    const state = createAgentState({ store });
    const fences: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      await using lock = await state.lock('door');
      fences.push(lock.fence);
      await server.command('FLUSHALL');
    }
    expect(fences).toEqual([...new Set(fences)].toSorted((one, other) => one - other));
    await store.close();
  });

  it('lets whoever follows a log go on after a restart of the server, and miss nothing', async () => {
    await using server = await startValkey({ appendOnly: 'always' });
    const [one, other] = [valkeyStore({ url: server.url }), valkeyStore({ url: server.url })];
    const [here, there] = [createAgentState({ store: one }).log('l'), createAgentState({ store: other }).log('l')];
    const stop = new AbortController();
    const seen: number[] = [];
    const follow = async (): Promise<void> => {
      for await (const { id } of there.follow({ after: seen.at(-1) ?? 0, signal: stop.signal })) {
        seen.push(id);
        if (id === 6) stop.abort();
      }
    };
    const following = (async () => {
      while (!stop.signal.aborted) {
        await follow().catch((error: unknown) => expect(error).toMatchObject({ code: 'state_unavailable' }));
      }
    })();
    for (let turn = 0; turn < 3; turn += 1) await here.append('before');
    await server.kill9();
    await server.restart();
    for (let turn = 0; turn < 3; turn += 1) await here.append('after');
    await following;
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
    await one.close();
    await other.close();
  });

  it('tells those who follow a log at once', async () => {
    await using server = await startValkey({});
    const [one, other] = [valkeyStore({ url: server.url }), valkeyStore({ url: server.url })];
    const [here, there] = [createAgentState({ store: one }).log('l'), createAgentState({ store: other }).log('l')];
    const stop = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      for await (const entry of there.follow({ signal: stop.signal })) {
        seen.push(entry.type);
        if (seen.length === 5) stop.abort();
      }
    })();
    for (let index = 0; index < 5; index += 1) await here.append(`entry ${index}`);
    await following;
    expect(seen).toEqual([0, 1, 2, 3, 4].map((index) => `entry ${index}`));
    await one.close();
    await other.close();
  });

  it('fails with an error that says what is known when the server is gone', async () => {
    const server = await startValkey({});
    const store = valkeyStore({ url: server.url, stateBudget: '200ms' });
    const data = createAgentState({ store }).data();
    await data.set('key', 1);
    await server.stop();
    await expect(data.get('key')).rejects.toMatchObject({ code: 'state_unavailable' });
    await expect(data.set('key', 2)).rejects.toMatchObject({ code: 'outcome_unknown' });
    await store.close();
  });
});
