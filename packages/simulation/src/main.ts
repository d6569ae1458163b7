import { parseArgs } from 'node:util';

import { Chance } from './chance.ts';
import type { EpisodeResult } from './episode.ts';
import { applySabotage } from './sabotage/apply-sabotage.ts';
import { sabotages } from './sabotage/sabotages.ts';
import { createTime, replaceMachine, useParts } from './time/simulated-machine.ts';

// Usage: pnpm test:simulation [--operations N] [--seed N] [--episode N] [--sabotage NAME] [--json] [--trace]
const OPTIONS = {
  operations: { type: 'string', default: '200000' },
  seed: { type: 'string', default: '1' },
  episode: { type: 'string', default: '4000' },
  sabotage: { type: 'string' },
  json: { type: 'boolean', default: false },
  trace: { type: 'boolean', default: false },
} as const;

/** Is how many of the violations of a simulation are shown. */
const SHOWN = 8;
/** Is how many lines of a trace are shown, where not all of it is asked for. */
const SHOWN_LINES = 120;

const given = parse();
if (given !== undefined) await run(given);

async function run({ operations, seed, episode, sabotage, json, trace }: NonNullable<typeof given>): Promise<void> {
  const startedAt = process.hrtime.bigint();
  replaceMachine();
  useParts({ time: createTime(), random: new Chance(0).draw, connect: refuse });
  const prepareScript = sabotage === undefined ? undefined : applySabotage(sabotage);
  // Only now may the store be loaded: what it draws and reads while it is loaded comes from the simulated machine.
  const { simulate } = await import('./simulation.ts');
  const { totals, failed, digest } = await simulate({
    operations,
    seed,
    episode,
    prepareScript,
    focus: sabotage?.focus,
  });
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;

  if (failed !== undefined && !json) tell(failed, { first: seed, episode, isWhole: trace, sabotage: sabotage?.name });
  const violations = failed?.violations.slice(0, SHOWN) ?? [];
  const report = {
    totals,
    seconds,
    digest,
    violations,
    ...(failed !== undefined && { failedSeed: failed.setup.seed }),
  };
  const text = json ? JSON.stringify(report) : tableOf({ ...totals, seconds: Math.round(seconds) });
  // Time has stopped for whatever still waits.
  process.stdout.write(`${text}\n`, () => process.exit(failed === undefined ? 0 : 1));
}

interface Telling {
  /** Is the seed of the first simulation. */
  readonly first: number;
  readonly episode: number;
  readonly isWhole: boolean;
  readonly sabotage: string | undefined;
}

function tell({ setup, violations, trace }: EpisodeResult, { first, episode, isWhole, sabotage }: Telling): void {
  const lines = trace(isWhole).slice(isWhole ? 0 : -SHOWN_LINES);
  const faults = setup.plan.kinds.map(({ name }) => name).join(', ');
  const options = sabotage === undefined ? '' : ` --sabotage ${JSON.stringify(sabotage)}`;
  console.error([...lines, `\nSeed ${setup.seed}, faults: ${faults}`, ...violations.slice(0, SHOWN)].join('\n'));
  // What is loaded once lives on from one simulation to the next, ids that are counted for one: so the one before runs, too.
  const [from, operations] = setup.seed > first ? [setup.seed - 1, Math.ceil(episode * 1.5)] : [setup.seed, 1];
  console.error(
    `\nTo see it again: pnpm test:simulation --seed ${from} --operations ${operations} --episode ${episode}${options}`,
  );
}

function tableOf(totals: Readonly<Record<string, number>>): string {
  const width = Math.max(...Object.keys(totals).map((name) => name.length));
  return Object.entries(totals)
    .map(([name, value]) => `${name.padEnd(width)}  ${value.toLocaleString('en')}`)
    .join('\n');
}

function parse() {
  try {
    const { values } = parseArgs({ options: OPTIONS });
    const sabotage = sabotages.find(({ name }) => name === values.sabotage);
    if (values.sabotage !== undefined && sabotage === undefined) {
      throw new Error(
        `There is no sabotage ${JSON.stringify(values.sabotage)}. There are:\n${sabotages.map(({ name }) => `  ${name}`).join('\n')}`,
      );
    }
    const { json, trace } = values;
    const counts = {
      operations: count('operations', values),
      seed: count('seed', values),
      episode: count('episode', values),
    };
    return { ...counts, sabotage, json, trace };
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 2;
    return undefined;
  }
}

function count<Name extends string>(name: Name, values: Readonly<Record<Name, string>>): number {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`--${name} must be a whole number of at least 1, got "${values[name]}".`);
  return value;
}

function refuse(): never {
  throw new Error('there is no network before the first simulation');
}
