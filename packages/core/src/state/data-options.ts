import type { Duration } from '../duration.ts';

/** Configures one change of a document. */
export interface DataChangeOptions {
  /** Refuses the change if the key has seen a higher fence: pass the `fence` of the lock that protects it. Default: none. */
  readonly fence?: number;
  /** Identifies the change, so that it can be repeated when its outcome is unknown. Default: a new id. */
  readonly operationId?: string;
}

/** Configures `delete`. */
export interface DataDeleteOptions extends DataChangeOptions {
  /** Refuses the change unless the document has this version. Default: any. */
  readonly ifVersion?: number;
}

/** Configures `setMany`, for each of its values. */
export interface DataSetManyOptions extends DataChangeOptions {
  /** Is kept beside the value, and read by `entry` and `metadata`. Default: none. */
  readonly metadata?: unknown;
  /** Is how long the value stays. Default: for good. */
  readonly ttl?: Duration;
}

/** Configures `set`. */
export interface DataSetOptions extends DataSetManyOptions, DataDeleteOptions {
  /** Refuses the change if there is a value already. Default: false. */
  readonly ifAbsent?: boolean;
}

/** Configures `increment`. */
export interface DataIncrementOptions extends DataChangeOptions {
  /** Is how long a counter that begins with this change stays; one that is there keeps its time. Default: for good. */
  readonly ttl?: Duration;
}

/** Configures `update`. */
export interface DataUpdateOptions {
  /** Refuses the change if the key has seen a higher fence. Default: none. */
  readonly fence?: number;
  /** Is how long a value that begins with this change stays; one that is there keeps its time. Default: for good. */
  readonly ttl?: Duration;
  /** Is how often the function is called at most, when others change the value meanwhile. Default: 32. */
  readonly attempts?: number;
}

/** Asks for a page of keys, entries or namespaces. */
export interface PageOptions {
  /** Is what they begin with. Default: anything. */
  readonly prefix?: string;
  /** Is how many there are on a page at most. Default: 100. */
  readonly limit?: number;
  /** Is where the page before has ended. Default: the beginning. */
  readonly cursor?: string | undefined;
}
