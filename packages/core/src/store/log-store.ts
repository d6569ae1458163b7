import type { MaybePromise } from '../maybe-promise.ts';

/**
 * Holds one log: entries in the order in which they were appended.
 *
 * The contract in one paragraph. The first entry of a log has the id 1 and each one the next number, without a gap; ids
 * and order never change. `append` adds all of its entries or none, one after the other, and is idempotent by its
 * operation id for a minute at least. Entries go only from the front: by the bounds of an append, by `trim`, or all at
 * once when the log's time is over; a log that was deleted or has expired begins anew, at 1.
 *
 * Methods throw or reject when the store is out of reach; whether the change has happened is then unknown.
 */
export interface LogStore {
  /**
   * Appends entries.
   *
   * @param operation identifies the call; whoever repeats it passes the same id
   */
  append(operation: string, entries: readonly LogDraft[], bounds: LogBounds): MaybePromise<AppendedEntries>;

  /** Returns entries, and how far the log reaches at that moment. */
  read(request: LogReadRequest): MaybePromise<LogPage>;

  /**
   * Resolves when there may be an entry after this id, or when the signal is aborted; a store that cannot be told resolves
   * now and then. Never rejects because of the signal.
   */
  wait(after: number, signal: AbortSignal): Promise<void>;

  /** Removes entries from the front, and returns how many. */
  trim(operation: string, cut: LogCut): MaybePromise<number>;

  /** Gives the log a new expiry, if it is there. */
  touch(ttlMs: number): MaybePromise<void>;

  /** Removes the log, and tells whether it was there. */
  delete(operation: string): MaybePromise<boolean>;
}

/** Is an entry on its way into the log. */
export interface LogDraft {
  /** Says what kind of entry it is. */
  readonly type: string;
  /** Is the rest of it, as text. */
  readonly text: string;
}

/** Is an entry of a log. */
export interface LogEntry extends LogDraft {
  readonly id: number;
  /** Is when the store has taken it, in milliseconds since the epoch; it never goes back within a log. */
  readonly at: number;
}

/** Bounds a log, each time something is appended. */
export interface LogBounds {
  /** Is how many entries stay, the newest ones. */
  readonly maxLength: number;
  /** Is how old an entry may be to stay, in milliseconds. Default: any age. */
  readonly maxAgeMs?: number | undefined;
  /** Is how long the log stays after this append, in milliseconds. Default: for good. */
  readonly ttlMs?: number | undefined;
}

/** Are the ids that an append has given. */
export interface AppendedEntries {
  readonly firstId: number;
  readonly lastId: number;
}

/** Asks for entries. */
export interface LogReadRequest {
  /** Is the id that the entries lie after. Default: 0. */
  readonly after?: number | undefined;
  /** Is the id that the entries lie before. Default: no bound. */
  readonly before?: number | undefined;
  readonly limit: number;
  /** Returns the last entries of the range, newest first. Default: false. */
  readonly reverse?: boolean | undefined;
}

/** Is a part of a log. */
export interface LogPage {
  readonly entries: readonly LogEntry[];
  /** Is the id of the oldest entry that is there; one more than `lastId` where there is none. */
  readonly firstId: number;
  /** Is the id that was given last; 0 for a log that is not there. */
  readonly lastId: number;
}

/** Says what has to go; with both bounds, what breaks either. */
export interface LogCut {
  /** Is how many entries stay. */
  readonly maxLength?: number | undefined;
  /** Is how old an entry may be to stay, in milliseconds. */
  readonly maxAgeMs?: number | undefined;
}
