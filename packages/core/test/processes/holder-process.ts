import { setTimeout as sleep } from 'node:timers/promises';

import { storeFromUrl } from '../../src/index.ts';
import { createAgentState, StateError } from '../../src/state/index.ts';
import { givenOptions, serveRequests } from '../sqlite/serve-requests.ts';

// A process that holds a lock or a run, and goes on writing whatever happens to it.
const { url, name, passesFence } = givenOptions() as { url: string; name: string; passesFence: boolean };
const store = storeFromUrl(url);
const state = createAgentState({ store });
const data = state.data('files');
let stopping = new AbortController();

/** Returns the code of the error that somebody met, or undefined. */
async function refusalOf(run: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    if (!StateError.isInstance(error)) throw error;
    return error.code;
  }
}

serveRequests({
  /** Takes the lock of a file, and writes to the file until it is refused or told to stop; tells how often, and why not. */
  async write({ file, writes = Infinity, ttlMs }: { file: string; writes?: number; ttlMs: number }) {
    const lock = await state.lock(file, { ttl: ttlMs, wait: '20s', owner: name });
    let [accepted, refusal]: [number, string | undefined] = [0, undefined];
    stopping = new AbortController();
    while (accepted < writes && !stopping.signal.aborted && refusal === undefined) {
      const fence = passesFence ? { fence: lock.fence } : {};
      refusal = await refusalOf(() =>
        data.update<readonly number[]>(file, (fences = []) => [...fences, lock.fence], fence),
      );
      if (refusal === undefined) accepted += 1;
      if (accepted === 1) process.send?.({ writes: file });
      await sleep(1);
    }
    await lock.release().catch(() => undefined);
    return { fence: lock.fence, accepted, refusal };
  },
  stop: () => stopping.abort(),
  /** Does the steps of a run, one after the other, until all are done or one is refused. */
  async run({ id, steps, leaseMs }: { id: string; steps: number; leaseMs: number }) {
    const run = state.run(id, { lease: leaseMs, wait: '20s', owner: name });
    const refusal = await refusalOf(async () => {
      for (let step = 0; step < steps; step += 1) {
        await run.step('work', async () => {
          process.send?.({ inStep: step });
          await sleep(1);
          return name;
        });
      }
      await run.complete(name);
    });
    return { refusal };
  },
  /** Returns the fences of the writes that were accepted, in order. */
  accepted: ({ file }: { file: string }) => data.get<readonly number[]>(file, []),
  async steps({ id }: { id: string }) {
    const run = state.run(id);
    const { results = {} } = (await run.state()) ?? {};
    const log = await run.log.read({ limit: 1_000 });
    return { doneBy: Object.values(results), events: log.map(({ type }) => type) };
  },
  close: () => store.close(),
});
