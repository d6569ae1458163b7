import type { EntryStore, Lease, SessionHandle, StoredEntry } from '../store/entry-store.ts';
import { changed, type ImmediateEntries, type Sabotage } from './sabotage.ts';

function stampAfterLoad(entries: ImmediateEntries): EntryStore {
  return changed(entries, {
    commit(lease, draft) {
      entries.release(lease);
      const again = entries.acquire({ address: lease.address, tags: draft.tags, isolation: 'copy', refresh: true });
      return again.kind === 'lead' ? entries.commit(again.lease, draft) : 'replaced';
    },
  });
}

function uncheckedCommit(entries: ImmediateEntries): EntryStore {
  return changed(entries, {
    commit(lease, draft) {
      entries.release(lease);
      entries.put(lease.address, draft);
      return 'stored';
    },
  });
}

function joinAnyLoad(entries: ImmediateEntries): EntryStore {
  const running = new Map<string, Lease>();
  const forget = (lease: Lease): void => {
    if (running.get(lease.address.key) === lease) running.delete(lease.address.key);
  };
  return changed(entries, {
    acquire(request) {
      const lease = running.get(request.address.key);
      if (lease !== undefined) {
        return { kind: 'follow', leaseId: lease.id, current: false, settled: Promise.resolve() };
      }
      const acquired = entries.acquire(request);
      if (acquired.kind === 'lead') running.set(request.address.key, acquired.lease);
      return acquired;
    },
    commit(lease, draft) {
      forget(lease);
      return entries.commit(lease, draft);
    },
    release(lease) {
      forget(lease);
      entries.release(lease);
    },
  });
}

function uncheckedPeek(entries: ImmediateEntries): EntryStore {
  const last = new Map<string, StoredEntry>();
  return changed(entries, {
    peek(address, declared) {
      const entry = entries.peek(address, declared);
      if (entry !== undefined) last.set(address.key, entry);
      return entry ?? last.get(address.key);
    },
  });
}

function tagsOfTheLeadOnly(entries: ImmediateEntries): EntryStore {
  const tags = new WeakMap<Lease, readonly string[]>();
  return changed(entries, {
    acquire(request) {
      const acquired = entries.acquire(request);
      if (acquired.kind === 'lead') tags.set(acquired.lease, request.tags);
      return acquired;
    },
    commit: (lease, draft) => entries.commit(lease, { ...draft, tags: tags.get(lease) ?? [] }),
  });
}

function lateCommitsOfSessions(entries: ImmediateEntries): EntryStore {
  return changed(entries, {
    commit(lease, draft) {
      const result = entries.commit(lease, draft);
      if (result !== 'session-ended') return result;
      const { id } = lease.address.session as SessionHandle;
      entries.put({ key: lease.address.key, session: entries.openSession(id, undefined) }, draft);
      return 'stored';
    },
  });
}

function loadsThatOutliveAClear(entries: ImmediateEntries): EntryStore {
  const running = new Set<Lease>();
  const cleared = new Set<Lease>();
  return changed(entries, {
    acquire(request) {
      const acquired = entries.acquire(request);
      if (acquired.kind === 'lead') running.add(acquired.lease);
      return acquired;
    },
    commit(lease, draft) {
      const result = entries.commit(lease, draft);
      if (result !== 'invalidated' || !cleared.has(lease)) return result;
      entries.put(lease.address, draft);
      return 'stored';
    },
    clear() {
      for (const lease of running) cleared.add(lease);
      entries.clear();
    },
  });
}

function replacedLoadsWin(entries: ImmediateEntries): EntryStore {
  return changed(entries, {
    commit(lease, draft) {
      const result = entries.commit(lease, draft);
      if (result === 'replaced') entries.put(lease.address, draft);
      return result;
    },
  });
}

/** Lists stores that serve or keep what they must not, each for one reason. */
export const freshnessSabotages: readonly Sabotage[] = [
  {
    name: 'takes the stamp of a load when it is done',
    caughtBy: 'refuses a value whose tag was invalidated while it was loaded',
    breakEntries: stampAfterLoad,
  },
  {
    name: 'stores every value it is offered',
    caughtBy: 'refuses a value for a tag that nobody knew before its load was done',
    breakEntries: uncheckedCommit,
  },
  {
    name: 'lets readers join any load in flight',
    caughtBy: 'lets nobody follow a load whose data was invalidated: a late reader loads for itself',
    breakEntries: joinAnyLoad,
  },
  {
    name: 'calls a load current although something was invalidated since',
    caughtBy: 'calls a load current for as long as nothing at all was invalidated since it began',
    breakEntries: (entries) =>
      changed(entries, {
        acquire(request) {
          const acquired = entries.acquire(request);
          return acquired.kind === 'follow' ? { ...acquired, current: true } : acquired;
        },
      }),
  },
  {
    name: 'peeks without a look at the clock',
    caughtBy: 'serves nothing to anybody that was invalidated, whoever stored and whoever invalidated it',
    breakEntries: uncheckedPeek,
  },
  {
    name: 'forgets the tags that are known only after the load',
    caughtBy: 'refuses a value for a tag that nobody knew before its load was done',
    breakEntries: tagsOfTheLeadOnly,
  },
  {
    name: 'does not look at the tags of the asking call',
    caughtBy: 'checks the tags of the asking call too: whoever stored the entry may have known fewer',
    breakEntries: (entries) => changed(entries, { acquire: (request) => entries.acquire({ ...request, tags: [] }) }),
  },
  {
    name: 'peeks without a look at the tags of the asking call',
    caughtBy: 'checks the tags of the asking call too: whoever stored the entry may have known fewer',
    breakEntries: (entries) => changed(entries, { peek: (address) => entries.peek(address) }),
  },
  {
    name: 'invalidates only the first tag',
    caughtBy: 'drops the entity that was written and the list it is in, and leaves its siblings',
    breakEntries: (entries) =>
      changed(entries, { invalidate: (tags, session) => entries.invalidate(tags.slice(0, 1), session) }),
  },
  {
    name: 'lets running loads overwrite what was set meanwhile',
    caughtBy: 'keeps a value that was set while another was loaded',
    breakEntries: replacedLoadsWin,
  },
  {
    name: 'has barriers that do nothing before they close',
    caughtBy: 'serves nothing while the barrier is open, and nothing from before it afterwards',
    breakEntries: (entries) => changed(entries, { openBarrier: () => undefined }),
  },
  {
    name: 'opens to readers when the first of two writers is done',
    caughtBy: 'stays closed to readers until the last of two writers is done',
    breakEntries: (entries) =>
      changed(entries, {
        openBarrier: (barrier, maxMs) => entries.openBarrier({ ...barrier, id: 'the only one' }, maxMs),
        closeBarrier: (barrier) => entries.closeBarrier({ ...barrier, id: 'the only one' }),
      }),
  },
  {
    name: 'keeps what an ended session has stored',
    caughtBy: 'has nothing left of a session that was ended',
    breakEntries: (entries) => changed(entries, { endSession: () => undefined }),
  },
  {
    name: 'stores for a session that has ended',
    caughtBy: 'stores nothing for a session that has ended, however late a load is done',
    breakEntries: lateCommitsOfSessions,
  },
  {
    name: 'refuses nothing that was loaded before a clear',
    caughtBy: 'refuses what was loaded before a clear',
    breakEntries: loadsThatOutliveAClear,
  },
];
