import { describe, expect, it } from 'vitest';

import { seededRandom } from '../../src/testing/index.ts';
import { crashSeries, type CrashPlan, type CrashReport } from './crash-series.ts';
import { openCrashTarget, type CrashStore } from './crash-target.ts';

const TIMES = 8;

async function crash(
  store: CrashStore,
  plan: Pick<CrashPlan, 'times' | 'sabotage' | 'moments'>,
): Promise<CrashReport & { seed: number }> {
  const seed = Date.now() % 1_000_000;
  await using target = await openCrashTarget(store);
  return { seed, ...(await crashSeries(target, { ...plan, random: seededRandom(seed) })) };
}

const STORES: readonly CrashStore[] = ['sqlite', 'valkey', 'valkey-server'];

describe.each(STORES)('an agent that is killed at random moments of its run, on %s', (store) => {
  it('goes on until it is done, loses nothing that was acknowledged, and repeats at most the step in flight', async () => {
    const report = await crash(store, { times: TIMES });
    expect(report.violations, `seed ${report.seed}`).toEqual([]);
    expect(report.struckRuns).toBe(TIMES);
    expect(store === 'valkey-server' ? report.serversKilled : report.workersKilled).toBeGreaterThanOrEqual(TIMES);
    expect(report.acknowledged).toBeGreaterThanOrEqual(20 * report.runs);
  }, 120_000);
});

describe('what checks the runs', () => {
  it('sees a worker that passes a new idempotency key each time', async () => {
    // One kill is enough at the moment at which the key is all that is left.
    const { violations } = await crash('sqlite', { times: 1, moments: 'unanswered', sabotage: 'new keys' });
    expect(violations.join('\n')).toMatch(/writes were done [\d ]+ times/);
  }, 120_000);

  it('sees that a write is done again without honoured keys, and only the one in flight', async () => {
    // One of the two runs is for an upstream that honours no keys.
    const { violations, repeats } = await crash('sqlite', { times: 2, moments: 'unanswered' });
    expect(violations).toEqual([]);
    expect(repeats).toBeGreaterThan(0);
  }, 120_000);

  it('sees a worker that begins anew after each kill', async () => {
    const { violations } = await crash('sqlite', { times: 1, moments: 'unanswered', sabotage: 'new runs' });
    expect(violations.join('\n')).toMatch(/writes were done [\d ]+ times/);
  }, 120_000);

  it('sees a worker that makes no steps of its writes', async () => {
    const { violations } = await crash('sqlite', { times: 1, moments: 'unanswered', sabotage: 'no steps' });
    expect(violations.join('\n')).toMatch(/steps are recorded/);
  }, 120_000);
});
