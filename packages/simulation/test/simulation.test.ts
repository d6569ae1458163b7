import { describe, expect, it } from 'vitest';

import { runSimulation } from './run-simulation.ts';

const OPERATIONS = process.env['KEEPSTEP_LONG_TESTS'] === '1' ? 200_000 : 10_000;

describe('the Valkey store, simulated', () => {
  it('breaks no promise, whatever goes wrong', async () => {
    const { totals, violations, failedSeed } = await runSimulation({ operations: OPERATIONS });
    expect(violations, `seed ${failedSeed}; to see it again: pnpm test:simulation --operations ${OPERATIONS}`).toEqual(
      [],
    );
    // An idle simulation would break no promise either.
    expect(totals.operations).toBeGreaterThanOrEqual(OPERATIONS);
    const least = { reads: 0.5, promises: 0.02, loads: 0.2, hits: 0.1, faults: 0.0005 };
    const rare = [
      'bypassed',
      'coalesced',
      'superseded',
      'storeErrors',
      'promisesOfTheDead',
      'increments',
      'countersChecked',
    ];
    const idle = [
      ...Object.entries(least).filter(([name, share]) => (totals[name] ?? 0) < OPERATIONS * share),
      ...rare.filter((name) => (totals[name] ?? 0) === 0),
    ];
    expect(idle).toEqual([]);
  });

  it('goes the same way for the same seed', async () => {
    const options = { operations: 6000, episode: 2000, seed: 7 };
    const [one, other] = [await runSimulation(options), await runSimulation(options)];
    expect(one.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(other.digest).toBe(one.digest);
    expect(other.totals).toEqual(one.totals);
  });

  it('goes another way for another seed', async () => {
    const one = await runSimulation({ operations: 2000, episode: 2000, seed: 7 });
    const other = await runSimulation({ operations: 2000, episode: 2000, seed: 8 });
    expect(other.digest).not.toBe(one.digest);
  });
});
