import { AgentLoopDetectedError, InvalidOptionError } from '@keepstep/core';
import { checkNames } from '@keepstep/core/adapter';

/** Says when an agent that runs in circles is stopped. */
export interface LoopDetectedOptions {
  /** Is how many steps with a refused call the agent gets to find another way. 0 stops it at the first. Default: 1. */
  readonly nudges?: number;
}

/** Is as much of a finished step as is looked at. */
export interface FinishedStep {
  readonly content: readonly { readonly type: string; readonly error?: unknown }[];
}

/** Is a stop condition for `stopWhen`, and what tells the model before it is stopped. */
export interface LoopStopCondition {
  (options: { readonly steps: readonly FinishedStep[] }): boolean;
  /** Tells the model what it repeats, and what to do instead, after a step in which a call was refused: for `prepareStep`. */
  prepareStep<Message>(options: {
    readonly steps: readonly FinishedStep[];
    readonly messages: readonly Message[];
  }): { messages: (Message | { role: 'user'; content: string })[] } | undefined;
}

/**
 * Stops an agent whose calls were refused as a loop, once it was told and went on: `stopWhen: [isStepCount(20), loop]` with
 * `prepareStep: loop.prepareStep`. It sees the refusals of sessions that say `onLoop: "raise"`, the default.
 *
 * @throws InvalidOptionError for a number of nudges that is none
 */
export function loopDetected(options: LoopDetectedOptions = {}): LoopStopCondition {
  checkNames(options, ['nudges']);
  const { nudges = 1 } = options;
  if (!(Number.isInteger(nudges) && nudges >= 0))
    throw new InvalidOptionError('nudges', nudges, 'a whole number from 0');
  return Object.assign(
    ({ steps }: Parameters<LoopStopCondition>[0]) => steps.filter((step) => refusals(step).length > 0).length > nudges,
    { prepareStep },
  );
}

const prepareStep: LoopStopCondition['prepareStep'] = ({ steps, messages }) => {
  const latest = steps.at(-1);
  const told = latest === undefined ? [] : refusals(latest).map(({ message, hint }) => `${message}. ${hint}`);
  if (told.length === 0) return undefined;
  return { messages: [...messages, { role: 'user', content: [...new Set(told)].join('\n') }] };
};

function refusals({ content }: FinishedStep): AgentLoopDetectedError[] {
  return content.map(({ error }) => error).filter((error) => AgentLoopDetectedError.isInstance(error));
}
