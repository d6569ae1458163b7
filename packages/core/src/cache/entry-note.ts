import type { Counters } from '../observe/counters.ts';
import type { StoredEntry } from '../store/entry-store.ts';

/** Is what an entry remembers in the process that stored it. */
export interface EntryNote {
  /** Is who declared the resources of the entry. */
  readonly declarer: object;
  /** Is when a reader should start a new load behind itself; undefined means not before the ttl is over. */
  readonly refreshAt: number | undefined;
  readonly resources: readonly Counters[];
}

/** Returns what this process remembers of an entry; undefined when another process stored it. */
export function noteOf(entry: StoredEntry): EntryNote | undefined {
  return entry.local as EntryNote | undefined;
}

/** Returns the note for an entry. Entries of one kind share it, where none of them has a time of its own. */
export function noteFor(declarer: object, resources: readonly Counters[], refreshAt?: number): EntryNote {
  const known = refreshAt === undefined ? sharedNotes.get(resources) : undefined;
  if (known?.declarer === declarer) return known;
  const note: EntryNote = { refreshAt, declarer, resources };
  if (refreshAt === undefined) sharedNotes.set(resources, note);
  return note;
}

const sharedNotes = new WeakMap<readonly Counters[], EntryNote>();
