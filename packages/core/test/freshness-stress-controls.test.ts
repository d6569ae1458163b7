import { describe, expect, it } from 'vitest';

import { manualClock } from '../src/testing/manual-clock.ts';
import { runShopWorkload, type ShopTools, type Versions } from './shop-workload.ts';

const SEEDS = [1, 2, 3];

/** Is the cache that one writes in an afternoon: it keeps results, and deletes them after a write. */
interface NaiveCache {
  read(key: string, load: () => Promise<Versions>): Promise<Versions>;
  /** Deletes what depends on a shelf. */
  drop(shelf: string): void;
}

function behind(cache: NaiveCache, order: 'before the write' | 'after the write' | 'both' = 'both') {
  return (tools: ShopTools): ShopTools => {
    async function change(shelf: string, write: () => Promise<Versions>): Promise<Versions> {
      if (order !== 'after the write') cache.drop(shelf);
      try {
        return await write();
      } finally {
        if (order !== 'before the write') cache.drop(shelf);
      }
    }
    return {
      getProduct: (shelf, product) => cache.read(`${shelf}/${product}`, () => tools.getProduct(shelf, product)),
      listShelf: (shelf) => cache.read(`${shelf}/`, () => tools.listShelf(shelf)),
      changeProduct: (shelf, product) => change(shelf, () => tools.changeProduct(shelf, product)),
      changeShelf: (shelf) => change(shelf, () => tools.changeShelf(shelf)),
    };
  };
}

/** Stores each result when it is there, whatever happened meanwhile. */
function withoutStamps(): NaiveCache {
  const entries = new Map<string, Versions>();
  return {
    async read(key, load) {
      const cached = entries.get(key);
      if (cached !== undefined) return cached;
      const value = await load();
      entries.set(key, value);
      return value;
    },
    drop(shelf) {
      for (const key of entries.keys()) if (key.startsWith(`${shelf}/`)) entries.delete(key);
    },
  };
}

/** Refuses what was loaded during an invalidation, and still lets everybody join any load. */
function joiningAnyLoad(): NaiveCache {
  const entries = new Map<string, Versions>();
  const loads = new Map<string, Promise<Versions>>();
  let drops = 0;
  return {
    async read(key, load) {
      const cached = entries.get(key);
      if (cached !== undefined) return cached;
      const running = loads.get(key);
      if (running !== undefined) return running;
      const before = drops;
      const loading = load();
      loads.set(key, loading);
      try {
        const value = await loading;
        if (drops === before) entries.set(key, value);
        return value;
      } finally {
        loads.delete(key);
      }
    },
    drop() {
      drops += 1;
      entries.clear();
    },
  };
}

/** Keeps nothing. */
function notAtAll(): NaiveCache {
  return { read: (_, load) => load(), drop: () => undefined };
}

function run(seed: number, wrap: (tools: ShopTools) => ShopTools) {
  return runShopWorkload(wrap, { seed, clock: manualClock() });
}

describe('the stress of thousands of reads', () => {
  it.each(SEEDS)('catches a cache that deletes after the write, without stamps (seed %i)', async (seed) => {
    const { stale, reads, loads } = await run(seed, behind(withoutStamps(), 'after the write'));
    expect(stale.length).toBeGreaterThan(10);
    expect(loads).toBeLessThan(reads);
  });

  it.each(SEEDS)(
    'catches a cache that deletes before the write and after it, without stamps (seed %i)',
    async (seed) => {
      expect((await run(seed, behind(withoutStamps()))).stale.length).toBeGreaterThan(10);
    },
  );

  it.each(SEEDS)('catches a cache that deletes before the write only (seed %i)', async (seed) => {
    expect((await run(seed, behind(joiningAnyLoad(), 'before the write'))).stale.length).toBeGreaterThan(10);
  });

  it.each(SEEDS)('catches a cache that lets readers join any load (seed %i)', async (seed) => {
    expect((await run(seed, behind(joiningAnyLoad()))).stale.length).toBeGreaterThan(5);
  });

  it.each(SEEDS)('finds nothing wrong without a cache (seed %i)', async (seed) => {
    const { stale, writes } = await run(seed, behind(notAtAll()));
    expect(stale).toEqual([]);
    expect(writes).toBeGreaterThan(100);
  });
});
