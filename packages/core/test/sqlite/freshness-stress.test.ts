import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import type { CacheMetrics } from '../../src/index.ts';
import { findStaleReads, type InvalidationRecord, type ReadRecord } from '../../src/testing/history-checker.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { startChild } from './child.ts';
import type { ShopProcessOptions } from './shop-process.ts';

const PROCESSES = 3;
/** Is how much the clock of the machine, which the store reads, may differ from the one that the history is taken with. */
const CLOCK_SLACK_MS = 5;

interface Report {
  readonly reads: readonly ReadRecord[];
  readonly invalidations: readonly InvalidationRecord[];
  readonly metrics: CacheMetrics;
}

/** Lets readers and writers of three processes work on one file, and checks what all of them saw. */
async function runShop(options: Partial<ShopProcessOptions>, allowedMs = options.maxStalenessMs ?? 0) {
  const folder = scratchFolder();
  const shared = { storePath: join(folder, 'agent.db'), sourcePath: join(folder, 'source.db') };
  const children = await Promise.all(
    Array.from({ length: PROCESSES }, (_, index) =>
      startChild('./shop-process.ts', {
        ...shared,
        seed: (options.seed ?? 1) * 100 + index,
        readers: 8,
        readsOfEach: 120,
        maxStalenessMs: 0,
        ...options,
      }),
    ),
  );
  const reports = await Promise.all(children.map((child) => child.ask<Report>({ do: 'run' })));
  const history = {
    reads: reports.flatMap(({ reads }) => reads),
    invalidations: reports.flatMap(({ invalidations }) => invalidations),
  };
  const stale = findStaleReads(history, allowedMs === 0 ? 0 : allowedMs + CLOCK_SLACK_MS);
  const sum = (count: (metrics: CacheMetrics) => number): number =>
    reports.reduce((total, { metrics }) => total + count(metrics), 0);
  return {
    stale,
    reads: history.reads.length,
    writes: history.invalidations.length,
    hits: sum(({ hits }) => hits),
    loads: sum(({ upstreamCalls }) => upstreamCalls) - history.invalidations.length,
    bypassed: sum(({ bypassed }) => bypassed),
  };
}

describe('thousands of reads among writes, in three processes on one file', () => {
  it.each([0, 100])('see nothing stale (copies of at most %i ms)', async (maxStalenessMs) => {
    const run = await runShop({ maxStalenessMs });
    expect(run.stale.slice(0, 3)).toEqual([]);
    // A cache that never stores or shares anything is fresh, too.
    expect(run.reads).toBeGreaterThan(PROCESSES * 8 * 120);
    expect(run.writes).toBeGreaterThan(50);
    expect(run.hits).toBeGreaterThan(500);
    expect(run.loads).toBeLessThan(run.reads / 2);
    expect(run.bypassed).toBe(0);
  });

  it.each(['takes the stamp of a load when it is done', 'deaf copies'])(
    'catch a store that is wrong: %s',
    async (sabotage) => {
      const run = await runShop({ sabotage });
      expect(run.stale.length).toBeGreaterThan(5);
    },
  );

  it('catch copies that are staler than they may be', async () => {
    const run = await runShop({ maxStalenessMs: 100 }, 0);
    expect(run.stale.length).toBeGreaterThan(5);
  });
});
