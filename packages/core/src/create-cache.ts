import type { Cache, CacheOptions, GetOptions, PlainMetrics, SetOptions, WarmupResult } from './cache-options.ts';
import { BatchLoader, type LoadMany } from './cache/batch-loader.ts';
import { createEngine } from './cache/engine.ts';
import { RecentAddresses } from './cache/recent-addresses.ts';
import { noteFor } from './cache/entry-note.ts';
import { retentionMs } from './cache/refresh.ts';
import { systemClock } from './clock.ts';
import { cacheKeyPrefix } from './codec/cache-key.ts';
import { encodeCanonical } from './codec/canonical-encoding.ts';
import { takeSnapshot } from './codec/value-snapshot.ts';
import { parseDuration } from './duration.ts';
import { InvalidArgumentError, messageOf } from './errors.ts';
import type { CallInfo } from './observe/reporter.ts';
import {
  checkArgument,
  checkCallable,
  checkCount,
  checkFunction,
  checkKnown,
  checkMethods,
  checkOption,
  checkSignal,
  checkText,
} from './option-checks.ts';
import { parseAllResources, parseResources, type ResourceInputs, type ResourcePath } from './resource/resource-path.ts';
import { GLOBAL_TREE, readTags } from './resource/resource-tags.ts';
import type { CallFrame } from './session/call-frame.ts';
import { GLOBAL_PLACE } from './session/place.ts';
import { activeContext, runInContext } from './session/session-context.ts';
import type { EntryAddress } from './store/entry-store.ts';
import { memoryStore } from './stores/memory/memory-store.ts';
import { resolveReadPolicy } from './cache/resolve-policy.ts';
import type { ToolOutcome } from './tool-call.ts';

/**
 * Creates a general-purpose cache: what tool caches stand on, for everything else that is worth keeping.
 *
 * @throws InvalidOptionError for an option that is not allowed
 */
export function createCache<Key = unknown, Value = any>(options: CacheOptions<Key, Value> = {}): Cache<Key, Value> {
  return buildCache(options, 'refuse');
}

/**
 * Creates a cache that knows what to do with a key that cannot be encoded: refuse it, or bypass the cache.
 *
 * @throws InvalidOptionError for an option that is not allowed
 */
export function buildCache<Key, Value>(
  options: CacheOptions<Key, Value>,
  unkeyable: 'refuse' | 'bypass',
): Cache<Key, Value> {
  checkKnown(options, OPTIONS);
  for (const bound of STORE_OPTIONS) {
    const isFree = options.store === undefined || options[bound] === undefined;
    checkOption(isFree, bound, options[bound], 'nothing beside "store", whose own bounds hold');
  }
  const clock = checkMethods(options.clock ?? systemClock, 'clock', ['now', 'after']);
  checkFunction(options.load, 'load');
  checkFunction(options.loadMany, 'loadMany');
  const name = checkText(options.name ?? 'cache', 'name');
  const batchSize = checkCount(options.batchSize ?? 100, 'batchSize', 1);
  const batchWindowMs = parseDuration(options.batchWindow ?? '5ms', 'batchWindow');
  const policy = resolveReadPolicy(
    { scope: 'global', ...pick(options, POLICY_OPTIONS) },
    { ttlMs: 300_000, sharedStore: false },
  );
  const ownStore = options.store ?? memoryStore({ clock, ...pick(options, STORE_OPTIONS) });
  const store = checkMethods(ownStore, 'store', ['entries', 'close']);
  const engine = createEngine(
    name,
    store.entries(name, { maxStalenessMs: 0 }),
    clock,
    checkFunction(options.onEvent, 'onEvent'),
  );
  const { entries, hits, invalidator, owner, reads, reporter, resourceCounters } = engine;
  const counters = [engine.toolCounters.of(name)];
  const recent = new RecentAddresses(cacheKeyPrefix({ namespace: name, partition: 'g', tool: '', version: '' }));
  const batches = new WeakMap<LoadMany<Key, Value>, BatchLoader<Key, Value>>();

  function addressOf(key: Key): EntryAddress {
    return recent.of([key], encodeOnly);
  }

  function infoOf(key: Key): CallInfo {
    return { toolName: name, args: [key], toolCallId: undefined, sessionId: undefined, counters };
  }

  function loaderOf(key: Key, own: GetOptions<Key, Value>): (() => unknown) | undefined {
    const { load, loadMany } = own.load === undefined && own.loadMany === undefined ? options : own;
    checkFunction(load, 'load');
    checkFunction(loadMany, 'loadMany');
    if (load !== undefined) return () => load(key);
    if (loadMany === undefined) return undefined;
    let batch = batches.get(loadMany);
    if (batch === undefined) {
      const run = (keys: readonly Key[], frame: CallFrame) => enter(frame, async () => loadMany(keys));
      batches.set(loadMany, (batch = new BatchLoader(run, clock, batchWindowMs, batchSize)));
    }
    return () => batch.load(key, activeContext(owner)!.frame!);
  }

  function enter<R>(frame: CallFrame, fn: () => R): R {
    return runInContext(owner, undefined, frame, fn);
  }

  /** Answers from an entry that is at hand, for a call that nobody watches: nothing is put together for it. */
  function glance(key: Key, own: GetOptions<Key, Value>): Promise<unknown> | undefined {
    if (own.resources !== undefined || activeContext(owner) !== undefined) return undefined;
    const address = recent.recall([key]);
    return address && hits.glance(address, CACHE, counters);
  }

  function find(key: Key, own: GetOptions<Key, Value>, load: (() => unknown) | undefined): Promise<unknown> {
    const { ttl, signal } = own;
    const parent = activeContext(owner)?.frame;
    const info = infoOf(key);
    let address: EntryAddress | undefined;
    let obstacle: unknown;
    try {
      address = addressOf(key);
    } catch (error) {
      if (unkeyable === 'refuse') throw error;
      obstacle = error;
    }
    // A call that declares resources looks closer: the one that stored the entry may have declared fewer.
    const isNear = address !== undefined && own.resources === undefined;
    const hit = isNear ? hits.hit(info, address!, GLOBAL_PLACE, CACHE, parent) : undefined;
    if (hit !== undefined) return Promise.resolve(hit.snapshot.open());

    checkKnown(own, GET_OPTIONS);
    checkSignal(signal);
    const resources = resourcesOf(own.resources);
    const ttlMs = ttl === undefined ? undefined : parseDuration(ttl, 'ttl');
    const request = {
      info,
      rules: policy,
      place: GLOBAL_PLACE,
      declarer: CACHE,
      tags: readTags(GLOBAL_TREE, resources),
      resources,
      resourceCounters: resourceCounters.ofResources(resources),
      ttlMs: (value: unknown) => ttlMs ?? policy.ttlMs(value, [key]),
      run: (frame: CallFrame) => enter(frame, load ?? (() => undefined)),
      signal,
      parent,
    };
    if (address === undefined) return reads.bypass(request, 'not-keyable', messageOf(obstacle)).then(valueOf);
    if (load === undefined) {
      return hits.find({ ...request, address }).then((entry) => {
        if (entry !== undefined) return entry.snapshot.open();
        reporter.call(info, { type: 'cache-miss', scope: 'global', reason: 'absent', background: false }, 'misses');
        return undefined;
      });
    }
    if (parent?.recursion(address.key) !== undefined) {
      throw new InvalidArgumentError('load', key, 'a loader that does not ask this cache for the key it is loading');
    }
    return reads.read({ ...request, address }).then(valueOf);
  }

  return {
    // Not an async function: a hit is answered without a trip through the microtask queue.
    get(key: Key, own: GetOptions<Key, any> = NO_OPTIONS): Promise<any> {
      try {
        return glance(key, own) ?? find(key, own, loaderOf(key, own));
      } catch (error) {
        return Promise.reject(error);
      }
    },
    async set(key: Key, value: Value, own: SetOptions = {}) {
      checkKnown(own, ['ttl', 'resources']);
      const resources = resourcesOf(own.resources);
      const ttlMs = own.ttl === undefined ? policy.ttlMs(value, [key]) : parseDuration(own.ttl, 'ttl');
      const local = noteFor(CACHE, resourceCounters.ofResources(resources));
      const snapshot = takeSnapshot(value, policy.isolation);
      await entries.put(addressOf(key), {
        snapshot,
        tags: readTags(GLOBAL_TREE, resources),
        ttlMs,
        retainMs: retentionMs(policy),
        loadMs: 0,
        local,
      });
    },
    has,
    async delete(key) {
      const existed = await entries.delete(addressOf(key));
      reporter.call(infoOf(key), { type: 'entry-deleted', existed }, 'invalidations');
      return existed;
    },
    async clear() {
      await entries.clear();
    },
    async invalidate(...resources) {
      await invalidator.invalidate(GLOBAL_PLACE, parseAllResources(resources), {}, counters);
    },
    async warmup(loaders, warmupOptions = {}): Promise<WarmupResult> {
      checkKnown(warmupOptions, ['concurrency']);
      const concurrency = checkCount(warmupOptions.concurrency ?? 8, 'concurrency', 1);
      checkArgument(typeof loaders === 'object' && loaders !== null, 'loaders', loaders, 'an object of functions');
      for (const load of Object.values(loaders)) checkCallable(load, 'loaders');
      const queue = Object.entries(loaders);
      const failed = new Map<string, unknown>();
      let loaded = 0;
      async function work(): Promise<void> {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
          const [key, load] = next;
          try {
            await find(key as Key, NO_OPTIONS, load);
            if (await has(key as Key)) loaded += 1;
          } catch (error) {
            failed.set(key, error);
          }
        }
      }
      await Promise.all(Array.from({ length: Math.min(concurrency, queue.length) }, work));
      return { loaded, failed };
    },
    metrics(): PlainMetrics {
      const { entries: held, bytes, evictions } = entries.stats();
      return { ...engine.counters.read(), entries: held, bytes, evictions };
    },
    close,
    [Symbol.asyncDispose]: close,
  };

  async function has(key: Key): Promise<boolean> {
    return (await entries.inspect(addressOf(key))).state === 'fresh';
  }

  async function close(): Promise<void> {
    await reads.drain();
    if (options.store === undefined) await store.close();
  }
}

const NO_OPTIONS = {};
const GET_OPTIONS: readonly string[] = ['load', 'loadMany', 'ttl', 'resources', 'signal'] satisfies (keyof GetOptions<
  never,
  never
>)[];
/** Is the declarer of all entries of general-purpose caches: what they depend on is a matter of each call, not of the cache. */
const CACHE = {};
const POLICY_OPTIONS = ['ttl', 'staleWhileRevalidate', 'staleIfError', 'earlyRefresh', 'isolation', 'cacheIf'] as const;
const STORE_OPTIONS = ['maxEntries', 'maxBytes'] as const;
const OPTIONS: readonly string[] = [
  'name',
  'store',
  'load',
  'loadMany',
  'batchWindow',
  'batchSize',
  'onEvent',
  'clock',
  ...POLICY_OPTIONS,
  ...STORE_OPTIONS,
] satisfies (keyof CacheOptions)[];

function encodeOnly([key]: readonly unknown[]): string {
  return encodeCanonical(key);
}

function valueOf({ value }: ToolOutcome): unknown {
  return value;
}

function pick<O extends object, Name extends keyof O>(options: O, names: readonly Name[]): Pick<O, Name> {
  return Object.fromEntries(
    names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]),
  ) as Pick<O, Name>;
}

function resourcesOf(resources: ResourceInputs | undefined): readonly ResourcePath[] {
  return resources === undefined ? [] : parseResources(resources, 'resources');
}
