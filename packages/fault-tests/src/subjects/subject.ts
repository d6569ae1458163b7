import type { Target } from './target.ts';

/** Names what is written: everything, one shelf, or one item of a shelf. */
export type StockPath = readonly [] | readonly [shelf: string] | readonly [shelf: string, item: string];

/** Counts what a cache has done; a cache that does not know leaves a count at 0. */
export interface SubjectCounts {
  readonly hits: number;
  /** Counts reads that were answered by a load that somebody else had started. */
  readonly coalesced: number;
  /** Counts reads that went past the cache. */
  readonly bypassed: number;
  /** Counts results that were not stored because their data had changed. */
  readonly superseded: number;
}

/** Is a cache on trial, in one process. */
export interface Subject {
  /** Returns the version of an item, from the cache or the source. */
  read(shelf: string, item: string): Promise<number>;
  /**
   * Runs a change of the source and invalidates what depends on it. Tells whether the invalidation was acknowledged, so
   * that from now on no read may be older.
   */
  write(path: StockPath, change: () => Promise<void>): Promise<boolean>;
  counts(): SubjectCounts;
  close(): Promise<void>;
}

/** Says what a cache on trial works with. */
export interface SubjectOptions {
  readonly target: Target;
  /** Loads the version of an item from the source. */
  readonly load: (shelf: string, item: string) => Promise<number>;
  /** Is the time for which an older version is allowed, in milliseconds; 0 is strict. */
  readonly maxStalenessMs: number;
  /** Is how long a write barrier stands at most, in milliseconds. */
  readonly barrierMs: number;
  /** Tells whether writers may die between a change and its invalidation, which only barriers help against. */
  readonly writersDie: boolean;
}

/** Is what a module of a cache on trial exports, as `subject`. */
export interface SubjectModule {
  readonly name: string;
  /** Matches the keys, as SCAN does, in which the cache keeps what was invalidated. */
  readonly clockKeys: string;
  open(options: SubjectOptions): Promise<Subject>;
}
