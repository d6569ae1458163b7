import { nextId } from '../id.ts';
import type { DocumentChange, DocumentStore } from '../store/document-store.ts';
import type { LockHolder, LockStore } from '../store/lock-store.ts';
import type { LogStore } from '../store/log-store.ts';
import type { RunStore } from '../store/run-store.ts';
import type { StateStore } from '../store/state-store.ts';
import type { Store } from '../store/store.ts';

/** Breaks one port of the durable state in one place; the case that it names must see it. */
export interface StateSabotage {
  readonly name: string;
  /** Names a case of the conformance suite that sees it. */
  readonly caughtBy: string;
  readonly breakState: (state: StateStore) => StateStore;
}

/** Wraps a store so that the state of every namespace is broken. */
export function withBrokenState(store: Store, { breakState }: Pick<StateSabotage, 'breakState'>): Store {
  return {
    name: store.name,
    shared: store.shared,
    entries: (namespace, settings) => store.entries(namespace, settings),
    state: async (namespace) => breakState((await store.state?.(namespace)) as StateStore),
    close: () => store.close(),
  };
}

/** Returns the same port with some methods replaced. */
function replaced<Port extends object>(port: Port, changes: Partial<Port>): Port {
  return new Proxy(port, {
    get(target, method) {
      if (method in changes) return Reflect.get(changes, method) as unknown;
      const own: unknown = Reflect.get(target, method, target);
      return typeof own === 'function' ? (own.bind(target) as unknown) : own;
    },
  });
}

/** Breaks the documents of every space. */
function breakingDocuments(change: (documents: DocumentStore) => Partial<DocumentStore>): StateSabotage['breakState'] {
  return (state) =>
    replaced(state, { documents: (space) => replaced(state.documents(space), change(state.documents(space))) });
}

/** Breaks the locks. */
function breakingLocks(change: (locks: LockStore) => Partial<LockStore>): StateSabotage['breakState'] {
  return (state) => replaced(state, { locks: replaced(state.locks, change(state.locks)) });
}

/** Breaks the runs. */
function breakingRuns(change: (runs: RunStore) => Partial<RunStore>): StateSabotage['breakState'] {
  return (state) => replaced(state, { runs: replaced(state.runs, change(state.runs)) });
}

function breakingLogs(change: (log: LogStore) => Partial<LogStore>): StateSabotage['breakState'] {
  return (state) => replaced(state, { log: (name) => replaced(state.log(name), change(state.log(name))) });
}

function edited(edit: (change: DocumentChange) => DocumentChange): StateSabotage['breakState'] {
  return breakingDocuments((documents) => ({
    apply: (operation, changes) => documents.apply(operation, changes.map(edit)),
  }));
}

/** Replaces counting in the store by reading, adding and writing back. */
export const readModifyWrite: StateSabotage['breakState'] = breakingDocuments((documents) => ({
  async apply(operation, changes) {
    const [change] = changes;
    if (changes.length !== 1 || (change?.kind !== 'increment' && change?.kind !== 'append')) {
      return documents.apply(operation, changes);
    }
    const { key } = change;
    const [found] = await documents.read([key]);
    if (change.kind === 'increment') {
      const number = (found?.content.form === 'number' ? found.content.number : 0) + change.by;
      await documents.apply(operation, [{ kind: 'set', key, content: { form: 'number', number } }]);
      return { kind: 'applied', changes: [{ version: 1, existed: found !== undefined, amount: number }] };
    }
    const items = [...(found?.content.form === 'list' ? found.content.items : []), ...change.items];
    await documents.apply(operation, [{ kind: 'set', key, content: { form: 'list', items } }]);
    return { kind: 'applied', changes: [{ version: 1, existed: found !== undefined, amount: items.length }] };
  },
}));

/** Lets anybody release a lock. */
export const releaseWithoutOwner: StateSabotage['breakState'] = breakingLocks((locks) => ({
  async release(name, token) {
    const holder = await locks.inspect(name);
    if (holder === undefined) return false;
    await locks.acquire({ name, owner: holder.owner, token, ttlMs: 1_000 });
    return locks.release(name, token);
  },
}));

/** Carries out an operation as often as it is asked for. */
export const repeatOperations: StateSabotage['breakState'] = breakingDocuments((documents) => ({
  apply: (_, changes) => documents.apply(nextId(), changes),
}));

/** Carries out later what it has refused, when the request comes once more. */
const forgetRefusals: StateSabotage['breakState'] = (state) => {
  const refused = new Set<string>();
  return breakingDocuments((documents) => ({
    async apply(operation, changes) {
      const result = await documents.apply(refused.has(operation) ? nextId() : operation, changes);
      if (result.kind === 'refused') refused.add(operation);
      return result;
    },
  }))(state);
};

/** Lists stores whose durable state is broken, each for one reason. */
export const stateSabotages: readonly StateSabotage[] = [
  {
    name: 'reads a number, adds to it and writes it back',
    caughtBy: 'counts every one of many increments at once',
    breakState: readModifyWrite,
  },
  {
    name: 'reads a list, appends to it and writes it back',
    caughtBy: 'appends to a list in order, and loses nothing that comes at once',
    breakState: readModifyWrite,
  },
  {
    name: 'carries out changes one by one',
    caughtBy: 'carries out all changes of a call, or none of them',
    breakState: breakingDocuments((documents) => ({
      async apply(operation, changes) {
        const results = await Promise.all(
          changes.map(async (change, index) => documents.apply(`${operation} ${index}`, [change])),
        );
        return results.find(({ kind }) => kind === 'refused') ?? { kind: 'applied', changes: [] };
      },
    })),
  },
  {
    name: 'forgets the fence of what is deleted',
    caughtBy: 'refuses a fence that is lower than one the key has seen, also after the key was deleted or cleared',
    breakState: edited((change) => (change.kind === 'delete' ? { ...change, fence: undefined } : change)),
  },
  {
    name: 'carries out an operation as often as it is asked for',
    caughtBy: 'carries out an operation once, however often it is asked for, and answers the same',
    breakState: repeatOperations,
  },
  {
    name: 'carries out later what it has refused',
    caughtBy: 'does not do later what it has refused, when the request comes once more',
    breakState: forgetRefusals,
  },
  {
    name: 'does not look at the version of what it deletes',
    caughtBy: 'changes a document only if it has the expected version',
    breakState: edited((change) => (change.kind === 'delete' ? { ...change, expectedVersion: undefined } : change)),
  },
  {
    name: 'keeps a document a millisecond too long',
    caughtBy: 'lets a document go when its time is over, to the millisecond',
    breakState: edited((change) =>
      change.kind === 'set' && change.ttlMs !== undefined ? { ...change, ttlMs: change.ttlMs + 1 } : change,
    ),
  },
  {
    name: 'loses the metadata of what is counted up or updated',
    caughtBy: 'keeps metadata and expiry of the document where a change says so',
    breakState: edited((change) => (change.kind === 'set' ? { ...change, keep: false } : change)),
  },
  {
    name: 'forgets the ttl of a list that begins with an append',
    caughtBy: 'does with 300 random changes what a simple model does (seed 1)',
    breakState: edited((change) => (change.kind === 'append' ? { ...change, ttlMs: undefined } : change)),
  },
  {
    name: 'raises the fence of a key with a change that names none',
    caughtBy: 'does with 300 random changes what a simple model does (seed 2)',
    breakState: edited((change) =>
      change.kind === 'set' && change.fence === undefined ? { ...change, fence: 1_000 } : change,
    ),
  },
  {
    name: 'takes the empty prefix of a page for no keys',
    caughtBy: 'keeps any text as a key, and compares prefixes as text',
    breakState: breakingDocuments((documents) => ({
      keys: (request) => (request.prefix === '' ? { keys: [], more: false } : documents.keys(request)),
    })),
  },
  {
    name: 'appends to a log as often as it is asked to',
    caughtBy: 'appends once for each operation, and answers the same',
    breakState: breakingLogs((log) => ({ append: (_, drafts, bounds) => log.append(nextId(), drafts, bounds) })),
  },
  {
    name: 'waits for the entry after the last one, whatever the reader has seen',
    caughtBy: 'tells whoever waits for an entry that there is one, also when there was one already',
    breakState: breakingLogs((log) => ({
      wait: async (_, signal) => log.wait((await log.read({ limit: 0 })).lastId, signal),
    })),
  },
  {
    name: 'lets anybody release a lock',
    caughtBy: 'is released by its holder only, and once, whatever a release that is repeated answers',
    breakState: releaseWithoutOwner,
  },
  {
    name: 'looks whether a lock is free, and then takes it',
    caughtBy: 'gives a lock to one of many who ask at once',
    breakState: breakingLocks((locks) => ({
      async acquire(request) {
        if ((await locks.inspect(request.name)) !== undefined) return locks.acquire(request);
        // The store inside answers at once; in the name of its holder, the lock can be had by everybody.
        const holder = locks.inspect(request.name) as LockHolder | undefined;
        return locks.acquire({ ...request, owner: holder?.owner ?? request.owner });
      },
    })),
  },
  {
    name: 'gives each holder of a lock the same fence',
    caughtBy: 'raises the fence each time a lock changes hands',
    breakState: breakingLocks((locks) => ({
      async acquire(request) {
        const result = await locks.acquire(request);
        return result.kind === 'acquired' ? { ...result, fence: 1 } : result;
      },
    })),
  },
  {
    name: 'records for whoever comes late',
    caughtBy: 'refuses an opening and a record with a lower fence than the run has seen',
    breakState: breakingRuns((runs) => ({
      record: (operation, record) => runs.record(operation, { ...record, fence: Number.MAX_SAFE_INTEGER }),
    })),
  },
  {
    name: 'writes the events of a record before it looks at the fence',
    caughtBy: 'records a step, the status and the events together, or nothing',
    breakState: breakingRuns((runs) => ({
      async record(operation, record) {
        await runs.log(record.id).append(operation, record.events, { maxLength: 1_000 });
        return runs.record(operation, { ...record, events: [] });
      },
    })),
  },
  {
    name: 'takes a run for the one before it of the same id',
    caughtBy: 'refuses what belongs to an earlier run of the same id',
    breakState: breakingRuns((runs) => ({
      async record(operation, record) {
        const incarnation = (await runs.read(record.id))?.incarnation ?? record.incarnation;
        return runs.record(operation, { ...record, incarnation });
      },
    })),
  },
];
