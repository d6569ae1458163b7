import { describe, expect, it } from 'vitest';

import { checkPatch } from '../src/sabotage/apply-sabotage.ts';
import { sabotages } from '../src/sabotage/sabotages.ts';
import { runSimulation } from './run-simulation.ts';

/** Bounds how long a simulation looks for what is wrong. */
const OPERATIONS = 120_000;

describe('a simulation finds out about a store that', () => {
  it.each(sabotages)('$name', async ({ name }) => {
    const { violations, totals } = await runSimulation({ operations: OPERATIONS, episode: 2000, sabotage: name });
    expect(violations, `${totals.operations} operations, and nothing was found`).not.toEqual([]);
  });

  it('is broken in any of at least twenty ways, each of which fits the sources', () => {
    expect(sabotages.length).toBeGreaterThanOrEqual(20);
    for (const { patches } of sabotages) for (const patch of patches) checkPatch(patch);
  });

  it('is not broken where a patch does not fit', () => {
    const patch = { file: 'stores/valkey/lua/commit.lua', find: 'no such line', replace: '' };
    expect(() => checkPatch(patch)).toThrow('stands 0 times');
  });
});
