import type { WorkCounts } from '../worker/messages.ts';

/** Says what a run has to do in a second, on the slowest machine: an idle cache is fresh, too, and proves nothing. */
const LEAST_PER_SECOND = { reads: 60, loads: 8, hits: 20, invalidations: 0.5 } as const;

/** Names what a run has done too little of. */
export function idleProblems(counts: WorkCounts, seconds: number): string[] {
  return Object.entries(LEAST_PER_SECOND).flatMap(([name, least]) => {
    const [count, wanted] = [counts[name as keyof typeof LEAST_PER_SECOND], Math.ceil(least * seconds)];
    return count < wanted ? [`the run was idle: ${count} ${name}, at least ${wanted} are expected`] : [];
  });
}
