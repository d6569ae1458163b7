import { StateError } from './errors.ts';
import type { EntryStore } from './store/entry-store.ts';
import type { Store } from './store/store.ts';

/** Is a store whose code is loaded on first use, so that nobody loads a client that is not used. */
export function deferredStore(name: string, shared: boolean, load: () => Promise<Store>): Store {
  let loading: Promise<Store> | undefined;
  const loaded = (): Promise<Store> => (loading ??= load());
  return {
    name,
    shared,
    entries: (namespace, settings) => deferredEntries(loaded().then((store) => store.entries(namespace, settings))),
    async state(namespace) {
      const store = await loaded();
      if (store.state === undefined) {
        throw new StateError('state_unsupported', `The store "${name}" keeps no durable state.`, { subject: name });
      }
      return store.state(namespace);
    },
    async checkpoints(namespace) {
      const store = await loaded();
      if (store.checkpoints === undefined) {
        throw new StateError('state_unsupported', `The store "${name}" keeps no checkpoints.`, { subject: name });
      }
      return store.checkpoints(namespace);
    },
    async ready() {
      await (await loaded()).ready?.();
    },
    async close() {
      await (await loading?.catch(() => undefined))?.close();
    },
  };
}

/** Lists what is passed on once there is something to pass it on to. */
const PASSED = [
  'acquire',
  'commit',
  'release',
  'put',
  'delete',
  'inspect',
  'invalidate',
  'openBarrier',
  'closeBarrier',
  'clear',
  'openSession',
  'endSession',
] as const satisfies readonly (keyof EntryStore)[];

/** A store that cannot be loaded fails every operation, and tools run without it. */
function deferredEntries(loading: Promise<EntryStore>): EntryStore {
  let loaded: EntryStore | undefined;
  loading.then(
    (entries) => (loaded = entries),
    () => undefined,
  );
  type Pass = (...args: unknown[]) => unknown;
  const pass = (method: (typeof PASSED)[number]): Pass => {
    const call = (entries: EntryStore, args: unknown[]): unknown => (entries[method] as Pass).apply(entries, args);
    return (...args) => (loaded === undefined ? loading.then((entries) => call(entries, args)) : call(loaded, args));
  };
  return {
    ...(Object.fromEntries(PASSED.map((method) => [method, pass(method)])) as unknown as EntryStore),
    peek: (address, declared) => loaded?.peek(address, declared),
    prove: (address) => loaded?.prove?.(address),
    stats: () => loaded?.stats() ?? { entries: 0, bytes: 0, evictions: 0, expirations: 0 },
  };
}
