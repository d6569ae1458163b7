import type { Counters } from '../observe/counters.ts';
import type { StoredEntry } from '../store/entry-store.ts';

/** Is what an entry remembers in the process that stored it. */
export interface EntryNote {
  /** Is who declared the resources of the entry. */
  readonly declarer: object;
  /** Is when a reader should start a new load behind itself: at the end of the ttl, or a little before. */
  readonly refreshAt: number;
  readonly resources: readonly Counters[];
}

/** Returns what this process remembers of an entry; undefined when another process stored it. */
export function noteOf(entry: StoredEntry): EntryNote | undefined {
  return entry.local as EntryNote | undefined;
}
