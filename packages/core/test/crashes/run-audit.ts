import type { LogEvent, RunState } from '../../src/state/index.ts';
import type { Effect } from './upstream.ts';
import { WRITES, type Acknowledged } from './worker-life.ts';

/** Is what is known of a run that has come to its end. */
export interface FinishedRun {
  readonly state: RunState | undefined;
  readonly log: readonly LogEvent[];
  readonly effects: readonly Effect[];
  readonly acknowledged: readonly Acknowledged[];
  readonly honoursKeys: boolean;
}

/** Returns what is wrong with a run; nothing, if crashes have left no trace that they must not. */
export function auditRun(run: FinishedRun): string[] {
  return [...auditResults(run), ...auditLog(run), ...auditEffects(run)];
}

const STEPS = 2 * WRITES;

/** Nothing that was acknowledged is lost or another one. */
function auditResults({ state, acknowledged }: FinishedRun): string[] {
  if (state?.status !== 'completed') return [`the run is ${state?.status ?? 'gone'}`];
  const results = Object.values(state.results);
  if (results.length !== STEPS) return [`${results.length} steps are recorded`];
  return acknowledged
    .filter(({ step, value }) => results[step] !== value)
    .map(({ step, value }) => `step ${step} was acknowledged as ${value} and is ${String(results[step])}`);
}

/** The log has no gap, and tells of each step once, in order. */
function auditLog({ log, state }: FinishedRun): string[] {
  const found: string[] = [];
  const ids = log.map(({ id }) => id);
  if (ids.some((id, index) => id !== index + 1)) found.push(`the log has the ids ${ids.join(' ')}`);
  const types = log.map(({ type }) => type);
  const expected = ['run-started', ...Array.from({ length: STEPS }, () => 'step-completed'), 'run-completed'];
  if (types.filter((type) => type !== 'run-resumed').join(' ') !== expected.join(' ')) {
    found.push(`the log says ${types.join(' ')}`);
  }
  const resumed = types.filter((type) => type === 'run-resumed').length;
  if (resumed !== (state?.attempts ?? 0) - 1) found.push(`the log tells of ${resumed} resumptions`);
  const steps = log.filter(({ type }) => type === 'step-completed').map(({ data }) => (data as { step: string }).step);
  const recorded = Object.keys(state?.results ?? {});
  if (steps.join(' ') !== recorded.join(' ')) found.push(`the log has the steps ${steps.join(' ')}`);
  return found;
}

/** Each write was done once; where the upstream does not honour keys, only the one in flight at a crash may be done again. */
function auditEffects({ effects, honoursKeys }: FinishedRun): string[] {
  const found: string[] = [];
  const times = Array.from({ length: WRITES }, (_, write) => effects.filter((effect) => effect.write === write).length);
  if (times.includes(0)) found.push(`writes were done ${times.join(' ')} times`);
  if (honoursKeys && times.some((count) => count !== 1)) found.push(`writes were done ${times.join(' ')} times`);
  for (const life of new Set(effects.map((effect) => effect.life))) {
    const own = effects.filter((effect) => effect.life === life).map(({ write }) => write);
    const inFlight = Math.max(...own);
    const repeated = own.filter((write) => effects.some((effect) => effect.write === write && effect.life > life));
    if (repeated.some((write) => write !== inFlight))
      found.push(`writes ${repeated.join(' ')} of life ${life} were done again`);
    if (new Set(own).size !== own.length) found.push(`life ${life} has done the writes ${own.join(' ')}`);
  }
  return found;
}
