import { startValkey } from '@keepstep/test-servers';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { memoryStore, type Store } from '../src/index.ts';
import { createAgentState, type AgentState } from '../src/state/index.ts';
import { sqliteStore } from '../src/stores/sqlite/index.ts';
import { valkeyStore } from '../src/stores/valkey/index.ts';
import { faultyStore, type Fault, type FaultyStore } from '../src/testing/index.ts';
import { scratchFolder } from './scratch-folder.ts';

const STORES: Readonly<Record<string, () => Promise<Store>>> = {
  memory: async () => memoryStore(),
  sqlite: async () => sqliteStore({ path: join(scratchFolder(), 'agent.db') }),
  valkey: async () => {
    const server = await startValkey();
    onTestFinished(() => server.stop());
    return valkeyStore({ url: server.url });
  },
};

// The first request gets stuck on its way; it is sent again, and the answer is a refusal. Then the first one arrives.
describe.each(Object.keys(STORES))('a request that arrives after its caller was refused, on %s', (name) => {
  let store: FaultyStore;
  let state: AgentState;

  beforeEach(async () => {
    store = faultyStore(await (STORES[name] as () => Promise<Store>)());
    onTestFinished(async () => store.close());
    state = createAgentState({ store });
  });

  async function arriving(fault: Fault): Promise<void> {
    expect(fault.hits).toBe(1);
    fault.release();
    await turn();
  }

  it('sets no value', async () => {
    const data = state.data('data');
    await data.set('key', 'in the way');
    const stuck = store.inject({ kind: 'strand-request', operations: 'documents.apply', times: 1 });
    await expect(data.set('key', 'late', { ifAbsent: true })).rejects.toMatchObject({ code: 'version_conflict' });
    await data.delete('key');
    await arriving(stuck);
    expect(await data.get('key')).toBeUndefined();
  });

  it('adds to no number', async () => {
    const data = state.data('data');
    await data.set('key', 'a text');
    const stuck = store.inject({ kind: 'strand-request', operations: 'documents.apply', times: 1 });
    await expect(data.increment('key')).rejects.toMatchObject({ code: 'wrong_type' });
    await data.set('key', 7);
    await arriving(stuck);
    expect(await data.get('key')).toBe(7);
  });

  it('takes no lock', async () => {
    const holder = await state.lock('door');
    const stuck = store.inject({ kind: 'strand-request', operations: 'locks.acquire', times: 1 });
    await expect(state.lock('door')).rejects.toMatchObject({ code: 'lock_held' });
    await holder.release();
    await arriving(stuck);
    await using next = await state.lock('door');
    expect(next.held).toBe(true);
  });

  it('takes no lock when the one who waited has given up', async () => {
    const holder = await state.lock('door');
    const stuck = store.inject({ kind: 'strand-request', operations: 'locks.acquire', times: 1 });
    await expect(state.lock('door', { wait: 20 })).rejects.toMatchObject({ code: 'lock_held' });
    await holder.release();
    await arriving(stuck);
    await using next = await state.lock('door');
    expect(next.held).toBe(true);
  });
});
