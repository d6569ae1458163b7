import { parseArgs } from 'node:util';

import { Chance } from './chance.ts';
import { createTime, replaceMachine, useParts } from './time/simulated-machine.ts';

// Usage: pnpm test:simulation [--operations N] [--seed N] [--episode N] [--sabotage NAME] [--json] [--trace]
const OPTIONS = {
  operations: { type: 'string', default: '200000' },
  seed: { type: 'string', default: '1' },
  episode: { type: 'string', default: '4000' },
  json: { type: 'boolean', default: false },
  trace: { type: 'boolean', default: false },
} as const;

const { values } = parseArgs({ options: OPTIONS });
const [operations, seed, episode] = [Number(values.operations), Number(values.seed), Number(values.episode)];
const startedAt = process.hrtime.bigint();

replaceMachine();
// For what is drawn while the program is loaded.
useParts({ time: createTime(), random: new Chance(0).draw, connect: () => { throw new Error('there is no network yet'); } });
const { simulate } = await import('./simulation.ts');

let lastTrace = (): string[] => [];
const { totals, failed, digest } = await simulate({ operations, seed, episode, onEpisode: (r) => (lastTrace = () => r.trace(true)) });
const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
if (process.env.DBG) console.error(lastTrace().join("\n"));
if (failed !== undefined) process.exitCode = 1;
if (failed !== undefined) {
  for (const line of failed.trace(values.trace)) console.error(line);
  console.error(failed.violations.slice(0, 10).join('\n'));
  console.error(JSON.stringify({ ...failed.setup, plan: failed.setup.plan.kinds.map(({ name }) => name) }));
  console.error(`pnpm test:simulation --seed ${failed.setup.seed} --operations ${episode} --episode ${episode}`);
}
console.log(JSON.stringify({ totals, digest, seconds: Math.round(seconds * 10) / 10, perSecond: Math.round((totals.operations ?? 0) / seconds) }));
process.exit();
