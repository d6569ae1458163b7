import { startValkey, type ValkeyServer } from '@keepstep/test-servers';
import { afterAll, beforeAll } from 'vitest';

import { judge, type Trial, type TrialResult } from '../src/campaign/trial.ts';
import { resultLines, tableHead } from '../src/report/result-lines.ts';
import { Crew } from '../src/run/crew.ts';
import { runFault } from '../src/run/run-fault.ts';

const SEED = Number(process.env['KEEPSTEP_SEED'] ?? Math.floor(Math.random() * 1_000_000));
const SECONDS = 1.5;

/** Keeps three workers and the source of the data for the tests of a file; returns what runs a trial on them. */
export function useCrew(): (trial: Trial) => Promise<TrialResult> {
  let source: ValkeyServer;
  let crew: Crew;
  beforeAll(async () => {
    source = await startValkey({ tcp: false });
    crew = new Crew(3);
  });
  afterAll(async () => {
    await crew[Symbol.asyncDispose]();
    await source.stop();
  });
  return async (trial) => {
    const { fault, subject } = trial;
    return judge(trial, await runFault({ fault, subject, crew, source, seconds: SECONDS, seed: SEED }));
  };
}

/** Fails with the row of a trial, what is wrong with it, and its seed. */
export function assertPassed(result: TrialResult): void {
  if (!result.isPassed) throw new Error(`${tableHead}\n${resultLines(result).join('\n')}`);
}
