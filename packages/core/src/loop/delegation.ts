import type { LoopFinding } from '../errors.ts';
import { loopFinding } from './loop-verdict.ts';

/** Is one agent at work on one task. */
export interface Delegation {
  readonly agent: string;
  /** Identifies the task; `undefined` when nothing does, then it is like no other task. */
  readonly taskKey: string | undefined;
}

/**
 * Reports a delegation that runs in circles: to an ancestor that is already at work on the same task (`recursion`), or
 * to a level deeper than `maxNesting` (`nesting`). The same agent with another task is no recursion.
 *
 * @param ancestry lists the agents from the root session, level 0, to the one that delegates
 */
export function checkDelegation(
  ancestry: readonly Delegation[],
  next: Delegation,
  maxNesting: number,
): LoopFinding | undefined {
  const level = ancestry.length;
  const { agent, taskKey } = next;
  const start = ancestry.findLastIndex((above) => above.agent === agent && above.taskKey === taskKey);
  if (start >= 0 && taskKey !== undefined) {
    const path = [...ancestry.slice(start), next].map((delegation) => delegation.agent);
    return loopFinding('recursion', path, 2, 2, 1);
  }
  return level > maxNesting ? loopFinding('nesting', [agent], 1, level, maxNesting) : undefined;
}
