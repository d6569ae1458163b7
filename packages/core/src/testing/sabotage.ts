import type { EntryStore } from '../store/entry-store.ts';
import type { Store } from '../store/store.ts';

/**
 * Breaks a store in one place. A check that was never seen to fail proves nothing: each of these must be caught by the
 * case it names.
 */
export interface Sabotage {
  readonly name: string;
  /** Names a case of the conformance suite that sees it. */
  readonly caughtBy: string;
  /** Breaks the entries of one namespace; they answer at once. */
  readonly breakEntries: (entries: ImmediateEntries) => EntryStore;
}

/** Is an entry store that answers at once: what can be broken without waiting. */
export type ImmediateEntries = {
  [Name in Exclude<keyof EntryStore, 'prove'>]: (
    ...args: Parameters<EntryStore[Name]>
  ) => Awaited<ReturnType<EntryStore[Name]>>;
};

/** Wraps a store whose answers are immediate, so that the entries of every namespace are broken. */
export function sabotaged(store: Store, { breakEntries }: Pick<Sabotage, 'breakEntries'>): Store {
  const namespaces = new Map<string, EntryStore>();
  return {
    name: store.name,
    shared: store.shared,
    entries(namespace, settings) {
      const existing = namespaces.get(namespace);
      if (existing !== undefined) return existing;
      const broken = breakEntries(store.entries(namespace, settings) as ImmediateEntries);
      namespaces.set(namespace, broken);
      return broken;
    },
    close: () => store.close(),
  };
}

const OPERATIONS = [
  'peek',
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
  'stats',
] as const satisfies readonly (keyof EntryStore)[];

/** Returns the same entries with some operations replaced. */
export function changed(entries: EntryStore, changes: Partial<EntryStore>): EntryStore {
  const own = OPERATIONS.map((operation) => [operation, (entries[operation] as () => unknown).bind(entries)]);
  return { ...Object.fromEntries(own), ...changes };
}
