import { startValkey } from '@keepstep/test-servers';

import { Crew } from '../run/crew.ts';
import { runFault } from '../run/run-fault.ts';
import { judge, type Trial, type TrialResult } from './trial.ts';

/** Says how many trials go. */
export interface CampaignOptions {
  /** Is how long each trial goes on at least. */
  readonly seconds: number;
  readonly seed: number;
  /** Is how many reads a reader makes between two pauses. */
  readonly burst: number;
}

const WORKERS = 3;

/** Runs trials one after the other, and hands over each result as soon as it is there. */
export async function* runCampaign(
  trials: readonly Trial[],
  { seconds, seed, burst }: CampaignOptions,
): AsyncGenerator<TrialResult> {
  await using source = await startValkey({ tcp: false });
  await using crew = new Crew(WORKERS);
  for (const [index, trial] of trials.entries()) {
    const { fault, subject } = trial;
    yield judge(trial, await runFault({ fault, subject, crew, source, seconds, burst, seed: seed + index }));
  }
}
