import { takeSnapshot, type ValueSnapshot } from '../codec/value-snapshot.ts';
import type { AcquireRequest, EntryAddress, EntryDraft, EntryStore } from '../store/entry-store.ts';
import { changed, type ImmediateEntries, type Sabotage } from './sabotage.ts';

function tagsThatPileUp(entries: ImmediateEntries): EntryStore {
  const known = new Map<string, readonly string[]>();
  const pile = ({ key }: EntryAddress, draft: EntryDraft): EntryDraft => {
    const tags = [...new Set([...(known.get(key) ?? []), ...draft.tags])];
    known.set(key, tags);
    return { ...draft, tags };
  };
  return changed(entries, {
    commit: (lease, draft) => entries.commit(lease, pile(lease.address, draft)),
    put: (address, draft) => entries.put(address, pile(address, draft)),
  });
}

function everybodyLeads(entries: ImmediateEntries): EntryStore {
  return changed(entries, {
    acquire(request) {
      const acquired = entries.acquire(request);
      if (acquired.kind !== 'follow') return acquired;
      entries.delete(request.address);
      return entries.acquire(request);
    },
  });
}

function throughJson(entries: ImmediateEntries): EntryStore {
  const flat = (draft: EntryDraft): EntryDraft => ({ ...draft, snapshot: jsonOf(draft.snapshot) });
  return changed(entries, {
    commit: (lease, draft) => entries.commit(lease, flat(draft)),
    put: (address, draft) => entries.put(address, flat(draft)),
  });
}

function keysThroughUtf8(entries: ImmediateEntries): EntryStore {
  const narrow = (address: EntryAddress): EntryAddress => ({ ...address, key: Buffer.from(address.key).toString() });
  return changed(entries, {
    peek: (address, declared) => entries.peek(narrow(address), declared),
    acquire: (request: AcquireRequest) => entries.acquire({ ...request, address: narrow(request.address) }),
    put: (address, draft) => entries.put(narrow(address), draft),
    delete: (address) => entries.delete(narrow(address)),
    inspect: (address, declared) => entries.inspect(narrow(address), declared),
  });
}

function longerTtl(entries: ImmediateEntries): EntryStore {
  return changed(entries, {
    commit: (lease, draft) => entries.commit(lease, { ...draft, ttlMs: draft.ttlMs + 1 }),
    put: (address, draft) => entries.put(address, { ...draft, ttlMs: draft.ttlMs + 1 }),
  });
}

function jsonOf(snapshot: ValueSnapshot): ValueSnapshot {
  try {
    return takeSnapshot(JSON.parse(JSON.stringify(snapshot.open())), 'copy');
  } catch {
    return snapshot;
  }
}

/** Lists stores that do less than they should, or something else, each for one reason. */
export const fidelitySabotages: readonly Sabotage[] = [
  {
    name: 'keeps the tags of an entry that was overwritten',
    caughtBy: 'gives a value that is stored again its new tags alone',
    breakEntries: tagsThatPileUp,
  },
  {
    name: 'takes an empty list of tags for all of them',
    caughtBy: 'takes an unknown tag and an empty list of tags without doing anything',
    breakEntries: (entries) =>
      changed(entries, {
        invalidate: (tags, session) => (tags.length === 0 ? entries.clear() : entries.invalidate(tags, session)),
      }),
  },
  {
    name: 'lets every reader load',
    caughtBy: 'grants one lease to any number of readers who ask at once',
    breakEntries: everybodyLeads,
  },
  {
    name: 'keeps the lease of a load that has failed',
    caughtBy: 'lets the next reader load once a load was given back, and tells those who wait',
    breakEntries: (entries) => changed(entries, { release: () => undefined }),
  },
  {
    name: 'answers a refresh with the entry that is to be refreshed',
    caughtBy: 'grants a lease for a refresh although a valid entry is there, and goes on serving the entry',
    breakEntries: (entries) =>
      changed(entries, { acquire: (request) => entries.acquire({ ...request, refresh: false }) }),
  },
  {
    name: 'serves an entry at the end of its ttl',
    caughtBy: 'serves an entry in the last millisecond of its ttl, and not after it',
    breakEntries: longerTtl,
  },
  {
    name: 'turns values into JSON',
    caughtBy: 'returns a Map as it went in',
    breakEntries: throughJson,
  },
  {
    name: 'hashes keys as UTF-8',
    caughtBy: 'keeps apart keys that differ in little',
    breakEntries: keysThroughUtf8,
  },
  {
    name: 'has barriers that outlive a dead writer',
    caughtBy: 'lets readers load for good after the deadline, whether or not something stood in the way',
    breakEntries: (entries) => changed(entries, { openBarrier: (barrier) => entries.openBarrier(barrier, 1e12) }),
  },
  {
    name: 'opens a session for anybody who knows its id',
    caughtBy: 'refuses an id that is open for another user, or for nobody in particular',
    breakEntries: (entries) => changed(entries, { openSession: (id) => entries.openSession(id, undefined) }),
  },
  {
    name: 'takes a lease to inspect',
    caughtBy: 'changes nothing by being asked',
    breakEntries: (entries) =>
      changed(entries, {
        inspect(address) {
          entries.acquire({ address, tags: [], isolation: 'copy', refresh: false });
          return entries.inspect(address);
        },
      }),
  },
];
