import { describe, expect, it } from 'vitest';

import { seededRandom } from '../../src/testing/index.ts';
import { crashSeries, type CrashReport } from './crash-series.ts';
import { openCrashTarget, type CrashStore } from './crash-target.ts';
import type { Sabotage } from './worker-life.ts';

const TIMES = 20;

async function crash(store: CrashStore, times: number, sabotage?: Sabotage): Promise<CrashReport & { seed: number }> {
  const seed = Date.now() % 1_000_000;
  await using target = await openCrashTarget(store);
  const plan = { times, random: seededRandom(seed), ...(sabotage !== undefined && { sabotage }) };
  return { seed, ...(await crashSeries(target, plan)) };
}

describe.each(['sqlite', 'valkey'] as const)('an agent that is killed at random moments of its run, on %s', (store) => {
  it('goes on until it is done, loses nothing that was acknowledged, and repeats at most the step in flight', async () => {
    const report = await crash(store, TIMES);
    expect(report.violations, `seed ${report.seed}`).toEqual([]);
    expect(report.workersKilled + report.serversKilled).toBeGreaterThanOrEqual(TIMES);
    expect(report.acknowledged).toBeGreaterThanOrEqual(20 * report.runs);
    if (store === 'valkey') expect(report.serversKilled).toBeGreaterThan(0);
  }, 120_000);
});

describe('what checks the runs', () => {
  it('sees a worker that passes a new idempotency key each time', async () => {
    const { violations } = await crash('sqlite', 15, 'new keys');
    expect(violations.join('\n')).toMatch(/writes were done [\d ]+ times/);
  }, 120_000);

  it('sees a worker that makes no steps of its writes', async () => {
    const { violations } = await crash('sqlite', 3, 'no steps');
    expect(violations.join('\n')).toMatch(/steps are recorded/);
  }, 120_000);
});
