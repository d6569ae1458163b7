import { startValkey } from '@keepstep/test-servers';

import { Crew } from '../run/crew.ts';
import { runFault } from '../run/run-fault.ts';
import { judge, type Trial, type TrialResult } from './trial.ts';

/** Says how many trials go. */
export interface CampaignOptions {
  /** Is how long each trial goes on at least; a cache that is wrong on purpose has to show it in less. */
  readonly seconds: number;
  readonly seed: number;
  /** Is how many reads a reader makes between two pauses. */
  readonly burst: number;
}

const WORKERS = 3;
/** Bounds how long a cache that is wrong on purpose is given. */
const CONTROL_SECONDS = 2;

/** Runs trials one after the other, and hands over each result as soon as it is there. */
export async function* runCampaign(
  trials: readonly Trial[],
  { seconds, seed, burst }: CampaignOptions,
): AsyncGenerator<TrialResult> {
  await using source = await startValkey({ tcp: false });
  await using crew = new Crew(WORKERS);
  for (const [index, trial] of trials.entries()) {
    const { fault, subject, expects } = trial;
    const ownSeconds = expects === 'stale' ? Math.min(seconds, CONTROL_SECONDS) : seconds;
    const options = { fault, subject, crew, source, burst, seconds: ownSeconds, seed: seed + index };
    yield judge(trial, await runFault(options));
  }
}
