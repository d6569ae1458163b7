import { setTimeout as sleep } from 'node:timers/promises';

import { startValkey } from '@keepstep/test-servers';
import { describe, expect, it } from 'vitest';

import { storeFromUrl } from '../src/index.ts';
import { createAgentState } from '../src/state/index.ts';
import { seededRandom } from '../src/testing/index.ts';
import { runCrashingAgent, type CrashReport } from './crash/crashing-agent.ts';

const STEPS = 20;
const SEEDS = [1, 2];

/** Expects that a run has come to its end with nothing lost, and nothing done twice that was recorded. */
async function verifyRun(url: string, runId: string, { charges, late, starts }: CrashReport): Promise<void> {
  const store = storeFromUrl(url);
  const run = createAgentState({ store }).run(runId);
  const found = await run.state();
  expect(found).toMatchObject({ status: 'completed', result: 'done' });
  const steps = Array.from({ length: STEPS }, (_, step) => step);
  expect(found?.results).toEqual(
    Object.fromEntries(steps.map((step) => [`step ${step}`, `${step % 2 === 0 ? 'computed' : 'charged'} ${step}`])),
  );
  // The log tells each step once, in order, and its ids have no gap.
  const events = await run.log.read<{ readonly step?: string } | undefined>({ limit: 10_000 });
  expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
  const completed = events.filter(({ type }) => type === 'step-completed').map(({ data }) => data?.step);
  expect(completed).toEqual(steps.map((step) => `step ${step}`));
  // An upstream that honours the keys sees each effect once; nothing that was acknowledged is asked for again; of all the
  // others at most one is repeated for each time the process died.
  expect([...charges.keys()].toSorted((a, b) => a - b)).toEqual(steps.filter((step) => step % 2 === 1));
  for (const keys of charges.values()) expect(new Set(keys).size).toBe(1);
  expect(new Set([...charges.values()].flat()).size).toBe(STEPS / 2);
  expect(late).toEqual([]);
  const repeats = [...charges.values()].reduce((sum, keys) => sum + keys.length - 1, 0);
  expect(repeats).toBeLessThan(starts);
  await store.close();
}

describe('a run on Valkey', () => {
  it('is seen to repeat what was acknowledged when nothing is resumed', async () => {
    await using server = await startValkey({});
    const random = seededRandom(5);
    const options = { url: server.url, runId: 'run', steps: STEPS, maxKills: 4, random, forgets: true };
    const { charges, late } = await runCrashingAgent(options);
    expect(late.length).toBeGreaterThan(0);
    expect([...charges.values()].some((keys) => new Set(keys).size > 1)).toBe(true);
  });

  it.each(SEEDS)('does each step once, however often its process is killed (seed %d)', async (seed) => {
    await using server = await startValkey({ appendOnly: 'everysec' });
    const random = seededRandom(seed * 7_919);
    const report = await runCrashingAgent({ url: server.url, runId: 'run', steps: STEPS, maxKills: 4, random });
    expect(report.kills).toBeGreaterThan(0);
    await verifyRun(server.url, 'run', report);
  });

  it.each(SEEDS)('loses nothing that was acknowledged when the server is killed too (seed %d)', async (seed) => {
    await using server = await startValkey({ appendOnly: 'always' });
    const random = seededRandom(seed * 104_729);
    let deaths = 0;
    const harm = async (): Promise<void> => {
      await sleep(random() * 60);
      if (deaths >= 4) return;
      deaths += 1;
      await server.kill9();
      await server.restart();
    };
    const report = await runCrashingAgent({ url: server.url, runId: 'run', steps: STEPS, maxKills: 3, random, harm });
    expect(deaths).toBeGreaterThan(1);
    await verifyRun(server.url, 'run', report);
  });
});
