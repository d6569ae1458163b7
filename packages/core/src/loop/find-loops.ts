import type { AgentLoopDetectedError } from '../errors.ts';
import { callIdentity } from './loop-arguments.ts';
import { LoopDetector } from './loop-detector.ts';
import type { LoopLimits } from './loop-detector.ts';
import { toLoopError } from './loop-verdict.ts';

/** Is a call that was made, as far as loops show in it. */
export interface MadeCall {
  readonly toolName: string;
  readonly args: readonly unknown[];
}

/**
 * Looks for loops in calls that were made already, with nobody there to refuse them.
 *
 * @param steps lists the calls by step; those of one step were made side by side
 * @returns for each step, what the calls that closed a loop would have been refused with
 */
export function findLoops(
  steps: readonly (readonly MadeCall[])[],
  limits: LoopLimits,
): readonly (readonly AgentLoopDetectedError[])[] {
  const detector = new LoopDetector(limits);
  return steps.map((step) => {
    const begun = step.map(({ toolName, args }) => detector.begin(toolName, callIdentity(toolName, args)));
    // An identical call beside another has that one's finding.
    const found = begun.flatMap(({ finding, joined }) => (joined ? [] : (finding ?? [])));
    for (const call of begun) detector.end(call);
    return found.map(toLoopError);
  });
}
