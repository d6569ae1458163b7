import { memoryStore } from '@keepstep/core';
import { sqliteStore } from '@keepstep/core/sqlite';
import { valkeyStore } from '@keepstep/core/valkey';
import type { ValkeyServer } from '@keepstep/test-servers';

import { benchFile } from '../sqlite/bench-file.ts';
import { bareMemoryWorker } from './bare-memory-worker.ts';
import { bareSqliteWorker } from './bare-sqlite-worker.ts';
import { bareValkeyWorker } from './bare-valkey-worker.ts';
import { CountingClient } from './counting-client.ts';
import { keepstepWorker } from './keepstep-worker.ts';
import type { StateWorker } from './state-worker.ts';

/** Opens the workers in memory: first the one who does without Keepstep. */
export async function memoryWorkers(): Promise<StateWorker[]> {
  const store = memoryStore();
  return [bareMemoryWorker(), await keepstepWorker({ note: 'memoryStore()', store, reader: store })];
}

/** Opens the workers on files, each on one of its own. */
export async function sqliteWorkers(): Promise<StateWorker[]> {
  const [plain, file] = [benchFile(), benchFile()];
  const open = () => sqliteStore({ path: file.path });
  const keepstep = await keepstepWorker({
    note: 'sqliteStore(); followed by another store on the same file',
    store: open(),
    reader: open(),
  });
  return [closingWith(bareSqliteWorker(plain.path), plain), closingWith(keepstep, file)];
}

/** Opens the workers on a server. */
export async function valkeyWorkers(server: ValkeyServer): Promise<StateWorker[]> {
  const client = new CountingClient(server);
  const keepstep = await keepstepWorker({
    note: 'valkeyStore(); followed by another store on the same server',
    store: valkeyStore({ client, stateBudget: '30s' }),
    reader: valkeyStore({ url: server.url, stateBudget: '30s' }),
    sent: () => client.sent,
  });
  return [await bareValkeyWorker(server), closingWith(keepstep, { [Symbol.dispose]: () => client.disconnect() })];
}

function closingWith(worker: StateWorker, rest: Disposable): StateWorker {
  return {
    ...worker,
    async [Symbol.asyncDispose]() {
      await worker[Symbol.asyncDispose]();
      rest[Symbol.dispose]();
    },
  };
}
