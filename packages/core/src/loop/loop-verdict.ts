import { AgentLoopDetectedError } from '../errors.ts';
import type { LoopFinding, LoopRule } from '../errors.ts';

const MESSAGES: Record<LoopRule, (finding: LoopFinding) => string> = {
  repeats: ({ tool, count, limit }) =>
    `Loop detected: ${tool} was called ${count} times with the same arguments (limit ${limit})`,
  cycle: ({ path }) => `Cycle detected: ${path.join(' -> ')}`,
  depth: ({ count, limit }) => `Loop detected: call ${count} of this session, limit ${limit}`,
  recursion: ({ path }) => `Recursion detected: ${path.join(' -> ')}`,
  nesting: ({ tool, count, limit }) => `Loop detected: ${tool} would work ${count} levels deep, limit ${limit}`,
};

const TABOOS: Record<LoopRule, (tool: string, path: readonly string[]) => string> = {
  repeats: (tool) => `call ${tool} with these arguments again`,
  cycle: (_, path) => `repeat ${path.join(', ')}`,
  depth: () => 'call any more tools',
  recursion: (tool) => `hand this task to ${tool} again`,
  nesting: () => 'delegate any further',
};

/**
 * Describes a loop.
 *
 * @param path lists the tools of one round, the one about to be called last; for `recursion` it also begins with that one
 * @param taboo completes the hint "Do not ...". Default: what fits the rule
 */
export function loopFinding(
  rule: LoopRule,
  path: readonly string[],
  repeats: number,
  count: number,
  limit: number,
  taboo?: string,
): LoopFinding {
  const period = rule === 'recursion' ? path.length - 1 : path.length;
  return { rule, tool: lastOf(path), path, period, repeats, count, limit, hint: loopHint(rule, path, taboo) };
}

/** Returns one instruction to the model: what not to do again, and what to do instead. */
export function loopHint(
  rule: LoopRule,
  path: readonly string[],
  taboo: string = TABOOS[rule](lastOf(path), path),
): string {
  return `Do not ${taboo}: work with what you have, or say what is missing.`;
}

/** Returns the one line that says what was found: for people, logs and the error. */
export function loopMessage(finding: LoopFinding): string {
  return MESSAGES[finding.rule](finding);
}

/** Turns a finding into the error that refuses the call. */
export function toLoopError(finding: LoopFinding): AgentLoopDetectedError {
  return new AgentLoopDetectedError(loopMessage(finding), finding);
}

/**
 * Tells whether a loop that is let run deserves another warning: when it is first found, and whenever its count is
 * twice, four times, eight times what it was then. A loop of a thousand calls gives eight warnings, not a thousand.
 */
export function shouldWarn({ count, limit }: LoopFinding): boolean {
  return Number.isInteger(Math.log2(count / (limit + 1)));
}

function lastOf(path: readonly string[]): string {
  return path.at(-1) as string;
}
