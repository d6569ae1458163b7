import type { LoadMany } from './cache/batch-loader.ts';
import type { Clock } from './clock.ts';
import type { Isolation } from './codec/value-snapshot.ts';
import type { Duration } from './duration.ts';
import type { EventListener } from './events.ts';
import type { Metrics } from './metrics.ts';
import type { ResourceInput, ResourceInputs } from './resource/resource-path.ts';
import type { Store } from './store/store.ts';

/** Configures a general-purpose cache. */
export interface CacheOptions<Key = unknown, Value = unknown> {
  /** Names the cache in events and metrics, and separates its keys from those of others on the same store. Default: "cache". */
  readonly name?: string;
  /** Holds the entries. Default: a `memoryStore` of its own, with the two bounds below. */
  readonly store?: Store;
  /** Bounds the number of entries of the cache's own store; 0 stores nothing. Default: 10 000. */
  readonly maxEntries?: number;
  /** Bounds the estimated size of the entries of the cache's own store, in bytes. Default: 64 MiB. */
  readonly maxBytes?: number;
  /** Is the time an entry is fresh, where a call does not say otherwise. Default: "5m". */
  readonly ttl?: Duration;
  /** Loads what is not there, where a call does not bring a loader. */
  readonly load?: (key: Key) => Value | Promise<Value>;
  /** Loads what is not there, many keys at a time, where a call does not bring a loader. */
  readonly loadMany?: LoadMany<Key, Value>;
  /** Is how long `loadMany` waits for more keys. Default: "5ms". */
  readonly batchWindow?: Duration;
  /** Is how many keys `loadMany` gets at most. Default: 100. */
  readonly batchSize?: number;
  /** Serves an entry for this time past its ttl while a new one is loaded behind the caller. Never an invalidated one. Default: off. */
  readonly staleWhileRevalidate?: Duration;
  /** Serves an entry for this time past its ttl when loading a new one fails. Never an invalidated one. Default: off. */
  readonly staleIfError?: Duration;
  /** Loads a new value shortly before the ttl is over (see `ReadOptions.earlyRefresh`). Default: off. */
  readonly earlyRefresh?: boolean | number;
  /** Says what a hit hands out. Default: "copy". */
  readonly isolation?: Isolation;
  /** Decides whether a loaded value is worth storing. Default: everything but `undefined`. */
  readonly cacheIf?: (value: Value) => boolean;
  /** Receives every event. */
  readonly onEvent?: EventListener;
  /** Gives the time. Default: the clock of the machine. */
  readonly clock?: Clock;
}

/** Configures one `get`. */
export interface GetOptions<Key, Value> {
  /** Loads the value when it is not there. */
  readonly load?: (key: Key) => Value | Promise<Value>;
  /** Loads the value together with those of other keys that are asked for at the same time. */
  readonly loadMany?: LoadMany<Key, Value>;
  /** Is the time a loaded value is fresh. */
  readonly ttl?: Duration;
  /** Names the data that a loaded value depends on. */
  readonly resources?: ResourceInputs;
  /** Lets this caller stop waiting. */
  readonly signal?: AbortSignal;
}

/** Configures one `set`. */
export interface SetOptions {
  /** Is the time the value is fresh. */
  readonly ttl?: Duration;
  /** Names the data that the value depends on. */
  readonly resources?: ResourceInputs;
}

/** Says how a warm-up went. */
export interface WarmupResult {
  /** Counts the keys whose values are in the cache now; a value that is not worth storing is not. */
  readonly loaded: number;
  /** Holds the errors of the others, by key. */
  readonly failed: ReadonlyMap<string, unknown>;
}

/** Counts what happened in a general-purpose cache. */
export interface PlainMetrics extends Metrics {
  /** Counts the entries held in this process. */
  readonly entries: number;
  /** Estimates their size. */
  readonly bytes: number;
  /** Counts entries that were evicted to stay within bounds. */
  readonly evictions: number;
}

/** Caches values by key, with the same freshness as a tool cache and without sessions, scopes and loops. */
export interface Cache<Key = unknown, Value = unknown> extends AsyncDisposable {
  /**
   * Returns the value of a key; loads it when it is not there and a loader is known, and is `undefined` otherwise.
   * Concurrent calls load once. A loader's error reaches everybody who waits for it, and is not stored.
   *
   * @throws NotEncodableError for a key that holds a function, a class instance or a cycle
   */
  get<V extends Value = Value>(
    key: Key,
    options: GetOptions<Key, V> & ({ readonly load: unknown } | { readonly loadMany: unknown }),
  ): Promise<V>;
  get<V extends Value = Value>(key: Key, options?: GetOptions<Key, V>): Promise<V | undefined>;
  /**
   * Stores a value; a load of the key that is running is superseded.
   *
   * @throws NotEncodableError for a value that cannot be stored and read back unchanged
   */
  set(key: Key, value: Value, options?: SetOptions): Promise<void>;
  /** Tells whether a fresh value is there, without protecting it from eviction or counting anything. */
  has(key: Key): Promise<boolean>;
  /** Deletes a value; a load of the key that is running is superseded. Tells whether a fresh value was there. */
  delete(key: Key): Promise<boolean>;
  /** Deletes everything in this cache, and nothing in others on the same store. */
  clear(): Promise<void>;
  /** Invalidates every value that depends on one of the resources. */
  invalidate(...resources: readonly ResourceInput[]): Promise<void>;
  /** Loads values ahead of time, at most `concurrency` at once (default 8). A failure of one key does not stop the others. */
  warmup(
    loaders: Readonly<Record<string, () => Value | Promise<Value>>>,
    options?: { readonly concurrency?: number },
  ): Promise<WarmupResult>;
  /** Counts what happened. */
  metrics(): PlainMetrics;
  /** Lets go of the store, if the cache made it. */
  close(): Promise<void>;
}
