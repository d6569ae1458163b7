import type { Duration } from '../duration.ts';

/** Configures a log. Whoever appends to it says the same. */
export interface LogOptions {
  /** Is how many entries the log keeps, the newest ones. Default: 10 000. */
  readonly maxLength?: number;
  /** Is how old an entry may become; older ones go with the next append. Default: any age. */
  readonly maxAge?: Duration;
  /** Is how long the log stays after the last append. Default: for good. */
  readonly ttl?: Duration;
}

/** Configures `append`. */
export interface LogAppendOptions {
  /** Identifies the append, so that it can be repeated when its outcome is unknown. Default: a new id. */
  readonly operationId?: string;
}

/** Asks for entries of a log. */
export interface LogReadOptions {
  /** Is the id that the entries come after. Default: 0, which is before the first one. */
  readonly after?: number;
  /** Is the id that the entries come before. Default: none. */
  readonly before?: number;
  /** Is how many there are at most. Default: 100. */
  readonly limit?: number;
  /** Returns the last entries, newest first. Default: false. */
  readonly reverse?: boolean;
}

/** Configures `follow`. */
export interface LogFollowOptions {
  /** Is the id of the last entry that is known, or `"now"` for none of those that are there. Default: 0. */
  readonly after?: number | 'now';
  /** Ends the loop. Default: none. */
  readonly signal?: AbortSignal;
}

/** Says what has to go from the front of a log. At least one of the two is given. */
export interface LogTrimOptions {
  /** Is how many entries stay. Default: all. */
  readonly maxLength?: number;
  /** Is how old an entry may be to stay. Default: any age. */
  readonly maxAge?: Duration;
}
