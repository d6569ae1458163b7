import type { ValkeyServer } from '@keepstep/test-servers';

import { CountingClient } from './counting-client.ts';
import { EntryWatch } from './entry-watch.ts';
import { LOG_LENGTH, nextRecord, RECORD, RUN_STEPS, type StateWorker } from './state-worker.ts';

const TTL_MS = 86_400_000;

/** Does the operations with one command each, for a step with two that are sent together, and with no promise about any of them. */
export async function bareValkeyWorker(server: ValkeyServer): Promise<StateWorker> {
  const [client, reader] = [new CountingClient(server), new CountingClient(server)];
  const text = JSON.stringify(RECORD);
  const watch = new EntryWatch();
  await client.set('read', text);
  const entry = (log: string) => client.xadd(log, 'MAXLEN', LOG_LENGTH, '*', 'type', 'note', 'data', text);
  const stop = new AbortController();
  let [steps, followed] = [0, 0];
  const following = (async () => {
    for (let [last, count] = ['0', 0]; !stop.signal.aborted;) {
      const found = await reader.xread('BLOCK', 100, 'STREAMS', 'followed', last);
      for (const [id] of found?.[0]?.[1] ?? []) {
        last = id;
        watch.saw((count += 1));
      }
    }
  })();
  return {
    contender: 'bare commands',
    package: 'iovalkey',
    note: 'HSET with XADD, XADD, XADD to XREAD BLOCK, INCRBYFLOAT, SET, GET, SET NX PX and DEL',
    sent: () => client.sent,
    operations: {
      async step() {
        const run = `run ${Math.floor(steps / RUN_STEPS)}`;
        const step = String(steps % RUN_STEPS);
        steps += 1;
        const batch = client.pipeline().hset(run, step, JSON.stringify(RECORD)).pexpire(run, TTL_MS);
        return batch.xadd(`${run} log`, '*', 'type', 'step-completed', 'data', step).exec();
      },
      append: () => entry('log'),
      async follow() {
        followed += 1;
        await entry('followed');
        return watch.until(followed);
      },
      increment: () => client.incrbyfloat('count', 1),
      set: () => client.set('written', JSON.stringify(nextRecord())),
      get: async () => JSON.parse((await client.get('read')) as string) as unknown,
      async lock() {
        await client.set('lock', 'token', 'PX', 30_000, 'NX');
        return client.del('lock');
      },
    },
    async holds() {
      const last = Math.floor(Math.max(0, steps - 1) / RUN_STEPS);
      const info = (await client.call('XINFO', 'STREAM', 'log')) as unknown[];
      return {
        increment: Number(await client.get('count')),
        append: Number(info[info.indexOf('entries-added') + 1]),
        step: last * RUN_STEPS + (await client.hlen(`run ${last}`)),
      };
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await following;
      client.disconnect();
      reader.disconnect();
    },
  };
}
