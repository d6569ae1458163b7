import { parseArgs } from 'node:util';

import { controlTrials, faultTrials } from './campaign/trials.ts';
import type { CampaignOptions } from './campaign/run-campaign.ts';
import type { Trial } from './campaign/trial.ts';

/** Is what the command line asks for. */
export interface FaultCommand extends CampaignOptions {
  readonly trials: readonly Trial[];
  readonly json: boolean;
}

/** Is printed where the command line is not understood. */
export const USAGE = `Usage: pnpm test:faults [--full] [--minutes <n>] [--fault <name>]... [--seed <n>] [--json]

  --full     runs for 30 minutes, under heavier load
  --minutes  says for how long instead
  --fault    runs under this fault only, any number of them; caches that are wrong on purpose are left out
  --seed     repeats the choices of an earlier run
  --json     prints the results for machines

Faults:
${faultTrials.map(({ fault }) => `  ${fault.name.padEnd(20)}${fault.what}`).join('\n')}`;

const OPTIONS = {
  full: { type: 'boolean', default: false },
  minutes: { type: 'string' },
  fault: { type: 'string', multiple: true },
  seed: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

const SHORT = { seconds: 1.5, burst: 1 };
const FULL_MINUTES = 30;
const FULL_BURST = 8;
/** Is about how much longer a trial takes than it is told to, until its servers run and it has ended. */
const OVERHEAD = 1.15;
const SEEDS = 1_000_000;

/**
 * Reads the command line.
 *
 * @param newSeed returns the seed where none is given
 * @throws Error that says what is wrong with it
 */
export function parseCommandLine(
  args: readonly string[],
  newSeed: () => number = () => Math.floor(Math.random() * SEEDS),
): FaultCommand {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const trials = values.fault === undefined ? [...controlTrials, ...faultTrials] : values.fault.map(trialOf);
  const minutes = values.minutes === undefined ? undefined : positive('--minutes', values.minutes);
  const isLong = values.full || minutes !== undefined;
  const long = trials.filter(({ expects }) => expects === 'fresh').length;
  const seconds = ((minutes ?? FULL_MINUTES) * 60) / long / OVERHEAD;
  return {
    trials,
    json: values.json,
    seed: values.seed === undefined ? newSeed() : positive('--seed', values.seed),
    ...(isLong ? { seconds, burst: FULL_BURST } : SHORT),
  };
}

function trialOf(name: string): Trial {
  const trial = faultTrials.find(({ fault }) => fault.name === name);
  if (trial !== undefined) return trial;
  throw new Error(`--fault: there is no fault "${name}".`);
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new Error(`${option}: "${text}" is no number above 0.`);
}
