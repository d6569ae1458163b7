import {
  createCache,
  InvalidOptionError,
  memoryStore,
  storeFromUrl,
  type Cache,
  type Clock,
  type EventListener,
  type Store,
} from '@keepstep/core';
import { BaseCache, type CacheFullKey, type SerializerProtocol } from '@langchain/langgraph-checkpoint';

import { KeepstepSerializer } from './serializer/keepstep-serializer.ts';
import { bytesOf, valueOf } from './typed-bytes.ts';

/** Configures a cache of nodes. */
export interface KeepstepNodeCacheOptions {
  /** Holds the entries. Default: `memoryStore()`. */
  readonly store?: Store;
  /** Separates graphs that share one store: LangGraph keys an entry by its node, not by the graph. Default: "langgraph". */
  readonly graph?: string;
  /** Turns values into bytes and back. Default: a `KeepstepSerializer`. */
  readonly serde?: SerializerProtocol;
  /** Receives every event. */
  readonly onEvent?: EventListener;
  /** Gives the time. Default: the clock of the machine. */
  readonly clock?: Clock;
}

/**
 * Caches what nodes with a `cachePolicy` have written.
 *
 * It never fails a run: when the store cannot answer, the node runs, and an event says so. Only `clear` rejects, because
 * what it was to drop may still be served.
 */
export class KeepstepNodeCache<V = unknown> extends BaseCache<V> {
  readonly #store: Store;
  readonly #cache: Cache<CacheFullKey, Uint8Array | undefined>;

  /** @throws InvalidOptionError for an option that is not allowed */
  constructor(options: KeepstepNodeCacheOptions = {}) {
    for (const [name, value] of Object.entries(options)) {
      if (!KNOWN.includes(name)) throw new InvalidOptionError(name, value, KNOWN.join(', '));
    }
    const { store = memoryStore(), graph = 'langgraph', serde = new KeepstepSerializer(), onEvent, clock } = options;
    if (typeof graph !== 'string' || graph === '') {
      throw new InvalidOptionError('graph', graph, 'a text that is not empty');
    }
    super(serde);
    this.#store = store;
    this.#cache = createCache({
      store,
      name: graph,
      ttl: FOR_GOOD,
      ...(onEvent && { onEvent }),
      ...(clock && { clock }),
    });
  }

  /** Opens a cache on the store that a URL names; `close` closes it. */
  static fromUrl<V = unknown>(
    url: string,
    options: Omit<KeepstepNodeCacheOptions, 'store'> = {},
  ): KeepstepNodeCache<V> {
    return new KeepstepNodeCache<V>({ ...options, store: storeFromUrl(url) });
  }

  override async get(keys: CacheFullKey[]): Promise<{ key: CacheFullKey; value: V }[]> {
    const found = await Promise.all(keys.map((key) => this.#find(key).catch(() => undefined)));
    return found.filter((each) => each !== undefined);
  }

  override async set(pairs: { key: CacheFullKey; value: V; ttl?: number }[]): Promise<void> {
    // LangGraph does not wait for it, and a rejection would end the process.
    await Promise.all(pairs.map((pair) => this.#keep(pair).catch(() => undefined)));
  }

  /** Drops what nodes of these namespaces have written; without one, everything of the graph. */
  override async clear(namespaces: string[][]): Promise<void> {
    if (namespaces.length === 0) await this.#cache.clear();
    else await this.#cache.invalidate(...namespaces.map(resourceOf));
  }

  /** Closes the store. */
  async close(): Promise<void> {
    await this.#cache.close();
    await this.#store.close();
  }

  async #find(key: CacheFullKey): Promise<{ key: CacheFullKey; value: V } | undefined> {
    const bytes = await this.#cache.get(key);
    return bytes && { key, value: (await valueOf(this.serde, bytes, 'a node')) as V };
  }

  async #keep({ key, value, ttl }: { key: CacheFullKey; value: V; ttl?: number }): Promise<void> {
    if (ttl !== undefined && ttl <= 0) {
      await this.#cache.delete(key);
      return;
    }
    const bytes = new Uint8Array(await bytesOf(this.serde, value, 'what a node has written'));
    const options = ttl === undefined ? {} : { ttl: Math.min(ttl * 1_000, FOR_GOOD) };
    await this.#cache.set(key, bytes, { ...options, resources: [resourceOf(key[0])] });
  }
}

/** Names a namespace as one piece: what is below another one is no part of it. */
function resourceOf(namespace: readonly string[]): [string, string] {
  return ['node', JSON.stringify(namespace)];
}

const KNOWN = ['store', 'graph', 'serde', 'onEvent', 'clock'];
/** Is ten years, in milliseconds. */
const FOR_GOOD = 10 * 365 * 24 * 60 * 60 * 1_000;
