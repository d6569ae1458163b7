import { AgentLoopDetectedError, InvalidOptionError, type LoopOptions } from '@keepstep/core';
import { checkNames, findLoops, resolveLoopOptions } from '@keepstep/core/adapter';

/** Says when an agent that runs in circles is stopped. */
export interface LoopDetectedOptions {
  /** Is how many steps with a loop in them the agent gets to find another way. 0 stops it at the first. Default: 1. */
  readonly nudges?: number;
  /**
   * Looks for loops in the steps of the agent, by these rules, `{}` for their defaults: for tools that no session watches, or
   * one that only warns. Default: off, what counts is what a session has refused.
   */
  readonly rules?: LoopRules;
}

/** Says what a loop is. */
export type LoopRules = Pick<LoopOptions, 'preset' | 'maxToolRepeats' | 'maxExecutionDepth'>;

/** Is as much of a finished step as is looked at. */
export interface FinishedStep {
  readonly content: readonly {
    readonly type: string;
    readonly toolName?: string;
    readonly input?: unknown;
    readonly error?: unknown;
  }[];
}

/** Is a stop condition for `stopWhen`, and what tells the model before it is stopped. */
export interface LoopStopCondition {
  (options: { readonly steps: readonly FinishedStep[] }): boolean;
  /** Tells the model what it repeats, and what to do instead, after a step with a loop in it: for `prepareStep`. */
  prepareStep<Message>(options: {
    readonly steps: readonly FinishedStep[];
    readonly messages: readonly Message[];
  }): { messages: (Message | { role: 'user'; content: string })[] } | undefined;
}

/**
 * Stops an agent that runs in circles, once it was told and went on: `stopWhen: [isStepCount(20), loop]` with
 * `prepareStep: loop.prepareStep`. It sees the refusals of sessions that say `onLoop: "raise"`, the default, and with `rules`
 * the loops in the steps themselves.
 *
 * @throws InvalidOptionError for an option that is not allowed
 */
export function loopDetected(options: LoopDetectedOptions = {}): LoopStopCondition {
  checkNames(options, ['nudges', 'rules']);
  const { nudges = 1, rules } = options;
  if (!(Number.isInteger(nudges) && nudges >= 0))
    throw new InvalidOptionError('nudges', nudges, 'a whole number from 0');
  const loops = rules === undefined ? refusals : loopsBy(rules);
  return Object.assign(
    ({ steps }: Parameters<LoopStopCondition>[0]) => loops(steps).filter((found) => found.length > 0).length > nudges,
    {
      prepareStep: (({ steps, messages }) => {
        const told = (loops(steps).at(-1) ?? []).map(({ message, hint }) => `${message}. ${hint}`);
        if (told.length === 0) return undefined;
        return { messages: [...messages, { role: 'user', content: [...new Set(told)].join('\n') }] };
      }) satisfies LoopStopCondition['prepareStep'],
    },
  );
}

/** Returns the loops that were found in each of some steps. */
type LoopsOf = (steps: readonly FinishedStep[]) => readonly (readonly AgentLoopDetectedError[])[];

const refusals: LoopsOf = (steps) =>
  steps.map(({ content }) =>
    content.map(({ error }) => error).filter((error) => AgentLoopDetectedError.isInstance(error)),
  );

/** Returns what finds the loops by rules, and those that a session has refused. */
function loopsBy(rules: LoopRules): LoopsOf {
  checkNames(rules, ['preset', 'maxToolRepeats', 'maxExecutionDepth'], 'rules.');
  const limits = resolveLoopOptions(rules);
  return (steps) => {
    const calls = steps.map(({ content }) =>
      content
        .filter(({ type }) => type === 'tool-call')
        .map(({ toolName = '', input }) => ({ toolName, args: [input] })),
    );
    const refused = refusals(steps);
    return findLoops(calls, limits).map((found, step) => found.concat(refused[step] ?? []));
  };
}
