import { describe, it } from 'vitest';

import { controlTrials } from '../src/campaign/trials.ts';
import { assertPassed, useCrew } from './run-trial.ts';

const TRIALS = controlTrials.map((trial) => ({
  trial,
  fault: trial.fault.name,
  name: /([a-z-]+)\.ts$/.exec(trial.subject)?.[1],
}));

describe('a cache that is wrong on purpose', () => {
  const run = useCrew();

  it.each(TRIALS)('is caught: $name, under the fault $fault', async ({ trial }) => {
    assertPassed(await run(trial));
  });
});
