import { describe, it } from 'vitest';

import { faultTrials } from '../src/campaign/trials.ts';
import { assertPassed, useCrew } from './run-trial.ts';

const TRIALS = faultTrials.map((trial) => ({ trial, name: trial.fault.name, what: trial.fault.what }));

describe('Keepstep over three processes', () => {
  const run = useCrew();

  it.each(TRIALS)('serves nothing stale, and hits again afterwards, when $what ($name)', async ({ trial }) => {
    assertPassed(await run(trial));
  });
});
