import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

import {
  createToolCache,
  memoryStore,
  type ReadOptions,
  type Store,
  type ToolCache,
  type WriteOptions,
} from '../src/index.ts';
import { sqliteStore } from '../src/stores/sqlite/index.ts';
import { faultyStore } from '../src/testing/faulty-store.ts';
import { manualClock, type ManualClock } from '../src/testing/manual-clock.ts';
import { scratchFolder } from './scratch-folder.ts';
import { runShopWorkload, type ShopTools, type ShopWorkloadOptions, type Versions } from './shop-workload.ts';

const SEEDS = [1, 2, 3];

type ReadPolicy = Pick<ReadOptions, 'ttl' | 'staleWhileRevalidate' | 'staleIfError' | 'earlyRefresh'>;
type WritePolicy = Pick<WriteOptions, 'barrier'>;
/** Puts the tools of the shop behind a cache. */
type Wrap = (cache: ToolCache) => (tools: ShopTools) => ShopTools;

/** Puts the tools of the shop behind a tool cache. */
function behind(cache: ToolCache, read: ReadPolicy = {}, write: WritePolicy = {}) {
  const scope = 'global';
  return ({ getProduct, listShelf, changeProduct, changeShelf }: ShopTools): ShopTools => ({
    getProduct: cache.read(getProduct, { name: 'get_product', resource: (...path) => path, scope, ...read }),
    listShelf: cache.read(listShelf, { name: 'list_shelf', resource: (shelf) => shelf, scope, ...read }),
    changeProduct: cache.write(changeProduct, {
      name: 'change_product',
      invalidates: (...path) => path,
      scope,
      ...write,
    }),
    changeShelf: cache.write(changeShelf, { name: 'change_shelf', invalidates: (shelf) => shelf, scope, ...write }),
  });
}

/** Names what a result depends on, once it is there. */
function pathsOf(seen: Versions): string[][] {
  return Object.keys(seen).map((name) => name.split('/'));
}

function isEven(seen: Versions): boolean {
  return Object.values(seen).every((version) => version % 2 === 0);
}

async function runBehind(seed: number, wrap: Wrap, open: Open = memory, options: Partial<ShopWorkloadOptions> = {}) {
  const clock = manualClock(1_700_000_000_000);
  const cache = createToolCache({ store: open(clock, seed), clock });
  const run = await runShopWorkload(wrap(cache), { seed, clock, ...options });
  return { ...run, metrics: cache.metrics() };
}

type Open = (clock: ManualClock, seed: number) => Store;

const memory: Open = (clock) => memoryStore({ clock });
const asynchronous: Open = (clock, seed) => faultyStore(memoryStore({ clock }), { async: true, seed, clock });

/** Opens a store that fails now and then, in every way that leaves no lease behind for ever. */
const failing: Open = (clock, seed) => {
  const store = faultyStore(memoryStore({ clock }), { async: seed % 2 === 0, seed, clock });
  store.inject({ kind: 'reject', operations: ['acquire', 'commit', 'invalidate'], rate: 0.05 });
  store.inject({ kind: 'lose-reply', operations: ['commit', 'invalidate'], rate: 0.05 });
  store.inject({ kind: 'throw', operations: ['peek', 'acquire', 'commit', 'invalidate'], rate: 0.05 });
  return store;
};

const sqlite: Open = (clock) => {
  const store = sqliteStore({ path: join(scratchFolder(), 'agent.db'), clock });
  onTestFinished(() => store.close());
  return store;
};

const STORES: Readonly<Record<string, Open>> = { memory, asynchronous, failing, sqlite };

/** Puts reads behind a cache that learns what they depend on from their results. */
const learning: Wrap = (cache) => (tools) => {
  const options = { scope: 'global', resultResource: pathsOf } as const;
  return {
    ...behind(cache)(tools),
    getProduct: cache.read(tools.getProduct, { name: 'get_product', ...options }),
    listShelf: cache.read(tools.listShelf, { name: 'list_shelf', ...options, cacheIf: isEven }),
  };
};

/** Puts reads behind a cache that are made of other reads. */
const nested: Wrap = (cache) => (tools) => {
  const inner = behind(cache)(tools);
  const page = async (shelf: string, product: string): Promise<Versions> => ({
    ...(await inner.getProduct(shelf, product)),
    ...(await inner.getProduct(shelf, 'p1')),
  });
  return { ...inner, getProduct: cache.read(page, { name: 'page', scope: 'global' }) };
};

/** Puts reads behind sessions that come and go under few ids, so that loads outlive them and ids are opened again. */
const inSessions: Wrap = (cache) => {
  let turn = 0;
  const inSession = <R>(read: () => Promise<R>): Promise<R> => {
    turn += 1;
    return cache.session({ id: `s${turn % 4}`, loopDetection: false }, read);
  };
  return (tools) => {
    const getProduct = cache.read(tools.getProduct, { name: 'get_product', resource: (...path) => path });
    const listShelf = cache.read(tools.listShelf, { name: 'list_shelf', resource: (shelf) => shelf });
    return {
      ...behind(cache)(tools),
      getProduct: (...path) => inSession(() => getProduct(...path)),
      listShelf: (shelf) => inSession(() => listShelf(shelf)),
    };
  };
};

const SHAPES: Readonly<Record<string, Wrap>> = {
  'that declare what they depend on': behind,
  'whose results tell what they depend on': learning,
  'that are made of other reads': nested,
  'in sessions': inSessions,
};

const ALL = Object.keys(SHAPES).flatMap((shape) =>
  // A file is slower than memory; test/sqlite lets several processes at it.
  Object.keys(STORES).flatMap((store) =>
    SEEDS.slice(0, store === 'sqlite' ? 1 : undefined).map((seed) => ({ shape, store, seed })),
  ),
);

describe('thousands of reads among writes', () => {
  it.each(ALL)('see nothing stale: reads $shape, store: $store (seed $seed)', async ({ shape, store, seed }) => {
    const run = await runBehind(seed, SHAPES[shape] as Wrap, STORES[store]);
    expect(run.stale.slice(0, 3)).toEqual([]);
    // A cache that never stored or shared anything would be fresh, too.
    expect(run.metrics.hits).toBeGreaterThan(500);
    expect(run.metrics.coalesced).toBeGreaterThan(100);
    expect(run.metrics.superseded).toBeGreaterThan(50);
    expect(run.metrics.bypassed > 100).toBe(store === 'failing');
  });

  it.each(SEEDS)('see nothing stale over a memory store that forgets what it can (seed %i)', async (seed) => {
    const open: Open = (clock) => memoryStore({ clock, maxEntries: 8, maxTags: 6 });
    const run = await runBehind(seed, (cache) => behind(cache, { ttl: 40 }), open);
    expect(run.stale.slice(0, 3)).toEqual([]);
    expect(run.metrics.evictions).toBeGreaterThan(100);
    expect(run.metrics.hits).toBeGreaterThan(500);
  });

  it.each(SEEDS)('see nothing stale when results are served past their ttl and tools fail (seed %i)', async (seed) => {
    const read = { ttl: 15, staleWhileRevalidate: 30, staleIfError: 60, earlyRefresh: true } as const;
    const run = await runBehind(seed, (cache) => behind(cache, read), memory, { failureRate: 0.1 });
    expect(run.stale.slice(0, 3)).toEqual([]);
    expect(run.metrics.stale).toBeGreaterThan(100);
    expect(run.metrics.errors).toBeGreaterThan(100);
  });

  it.each(SEEDS)('see nothing stale over a shared store with barriers (seed %i)', async (seed) => {
    const open: Open = (clock) =>
      faultyStore({ ...memoryStore({ clock }), shared: true }, { async: true, seed, clock });
    const run = await runBehind(seed, behind, open);
    expect(run.stale.slice(0, 3)).toEqual([]);
    expect(run.metrics.hits).toBeGreaterThan(500);
  });

  it.each(SEEDS)('see nothing stale of writers that die behind their barriers (seed %i)', async (seed) => {
    const death = { barrierMs: 40, deathRate: 0.1 };
    const guarded: Wrap = (cache) => behind(cache, {}, { barrier: { maxDuration: death.barrierMs } });
    const run = await runBehind(seed, guarded, memory, death);
    expect(run.stale.slice(0, 3)).toEqual([]);
    expect(run.metrics.hits).toBeGreaterThan(500);
    const unguarded = await runBehind(seed, (cache) => behind(cache, {}, { barrier: false }), memory, death);
    expect(unguarded.stale.length).toBeGreaterThan(100);
  });
});
