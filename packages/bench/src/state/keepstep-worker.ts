import type { Store } from '@keepstep/core';
import { createAgentState } from '@keepstep/core/state';

import { EntryWatch } from './entry-watch.ts';
import { nextRecord, RECORD, RUN_STEPS, type StateWorker } from './state-worker.ts';

/** Says who works, and on what. */
export interface KeepstepWorkerOptions {
  readonly note: string;
  readonly store: Store;
  /** Is who follows the log: another store on the same data, where there can be one. */
  readonly reader: Store;
  readonly sent?: () => number;
}

/** Does the operations as users of Keepstep do. */
export async function keepstepWorker({ note, store, reader, sent }: KeepstepWorkerOptions): Promise<StateWorker> {
  const state = createAgentState({ store });
  const data = state.data('bench');
  const log = state.log('bench');
  const followed = state.log('followed');
  await data.set('read', RECORD);
  const watch = new EntryWatch();
  const stop = new AbortController();
  const following = follow(reader, watch, stop.signal);
  let [steps, runs] = [0, 0];
  let run = state.run('run 0');
  return {
    contender: 'Keepstep',
    package: '@keepstep/core',
    note,
    ...(sent !== undefined && { sent }),
    operations: {
      async step() {
        // A run of a million steps is none that anybody has.
        if (steps > 0 && steps % RUN_STEPS === 0) {
          await run.complete();
          runs += 1;
          run = state.run(`run ${runs}`);
        }
        steps += 1;
        return run.step('step', () => RECORD);
      },
      append: () => log.append('note', RECORD),
      follow: async () => watch.until(await followed.append('note', RECORD)),
      increment: () => data.increment('count'),
      set: () => data.set('written', nextRecord()),
      get: () => data.get('read'),
      lock: async () => (await state.lock('bench')).release(),
    },
    async holds() {
      const recorded = Object.keys((await run.state())?.results ?? {}).length;
      return {
        increment: await data.get('count', 0),
        append: (await log.size()).lastId,
        step: runs * RUN_STEPS + recorded,
      };
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await following;
      await run.release();
      await store.close();
      if (reader !== store) await reader.close();
    },
  };
}

async function follow(reader: Store, watch: EntryWatch, signal: AbortSignal): Promise<void> {
  for await (const { id } of createAgentState({ store: reader }).log('followed').follow({ signal })) watch.saw(id);
}
