import { Chance } from './chance.ts';
import { drawFaultPlan, planOf, type FaultPlan } from './faults/fault-plan.ts';

/** Says what one simulation is like; all of it follows from its seed. */
export interface EpisodeSetup {
  readonly seed: number;
  readonly plan: FaultPlan;
  /** Says that there are copies of the server, which may take over. */
  readonly isReplicated: boolean;
  readonly partitions: number;
  /** Bounds the number of invalidated tags that the store remembers. */
  readonly maxTags: number;
  /** Is the time for which copies go unchecked in the processes that are not strict, in milliseconds. */
  readonly maxStalenessMs: number;
  /** Is the number of things that a process does at a time. */
  readonly actors: number;
  /** Is the longest pause between two of them, in milliseconds. */
  readonly pauseMs: number;
  /** Is the probability that a tool fails. */
  readonly failures: number;
  /** Is the probability that a tool takes long. */
  readonly slowness: number;
  /** Hands out generators: one for each purpose, so that more of one thing does not change another. */
  readonly chance: (purpose: 'network' | 'faults' | 'workload' | 'machine' | 'server') => Chance;
}

const PURPOSES = ['setup', 'network', 'faults', 'workload', 'machine', 'server'] as const;

/** Fixes a part of what is otherwise drawn. */
export interface SetupFocus extends Partial<
  Pick<
    EpisodeSetup,
    'isReplicated' | 'partitions' | 'maxTags' | 'maxStalenessMs' | 'actors' | 'pauseMs' | 'slowness' | 'failures'
  >
> {
  /** Names the faults. */
  readonly faults?: readonly string[];
}

/** Draws what a simulation is like. */
export function drawSetup(seed: number, { faults, ...fixed }: SetupFocus = {}): EpisodeSetup {
  const chanceOf = (purpose: (typeof PURPOSES)[number]): Chance =>
    new Chance(seed * PURPOSES.length + PURPOSES.indexOf(purpose));
  const chance = chanceOf('setup');
  const isReplicated = chance.happens(0.5);
  const plan = drawFaultPlan(chance, isReplicated);
  return {
    seed,
    isReplicated,
    plan: faults === undefined ? plan : planOf(faults),
    partitions: chance.one([1, 1, 3]),
    maxTags: chance.one([14, 40, 100_000]),
    maxStalenessMs: chance.one([0, 20, 100, 400]),
    actors: chance.one([2, 5, 9]),
    pauseMs: chance.one([2, 10, 40]),
    failures: chance.one([0, 0.02, 0.1]),
    slowness: chance.one([0, 0.02, 0.1]),
    chance: chanceOf,
    ...fixed,
  };
}
