import { InvalidOptionError, type AgentLoopDetectedError, type LoopOptions } from '@keepstep/core';
import { checkNames, resolveLoopOptions } from '@keepstep/core/adapter';
import { AIMessage, HumanMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';

import { noteOf, withNote, type LoopAnswer } from './loop-note.ts';

/** Says how an agent is kept from running in circles. */
export interface AgentLoopOptions extends Omit<LoopOptions, 'onLoop' | 'loopDetection'> {
  /**
   * Says how a loop is answered: always the same way, or step by step. The first answer is for the first step of a run with
   * a loop in it, and the last for all later ones. Default: `["nudge", "stop"]`.
   */
  readonly onLoop?: LoopAnswer | readonly LoopAnswer[];
}

/** Is how loops are found, apart from how they are answered. */
export type LoopRules = Omit<AgentLoopOptions, 'onLoop'>;

const ANSWERS: readonly LoopAnswer[] = ['nudge', 'short_circuit', 'stop', 'raise'];
const RULES: readonly string[] = ['preset', 'maxToolRepeats', 'maxExecutionDepth', 'maxNesting', 'onLoop'];

/**
 * Checks how loops are found and answered, and returns the rules, and the answers in their order.
 *
 * @param allowed lists the answers that can be given
 * @throws InvalidOptionError for an option that is not allowed
 */
export function readLoopOptions(
  loop: AgentLoopOptions,
  allowed: readonly LoopAnswer[] = ANSWERS,
): { readonly rules: LoopRules; readonly answers: readonly LoopAnswer[] } {
  const { onLoop = ['nudge', 'stop'], ...rules } = loop;
  checkNames(rules, RULES, 'loop.');
  resolveLoopOptions(rules);
  const answers = typeof onLoop === 'string' ? [onLoop] : onLoop;
  const isAllowed = Array.isArray(answers) && answers.length > 0 && answers.every((answer) => allowed.includes(answer));
  if (!isAllowed) throw new InvalidOptionError('loop.onLoop', onLoop, `one or several of ${allowed.join(', ')}`);
  return { rules, answers };
}

/** Returns the answer to a loop in the next step: the messages tell how many steps of this run had one. */
export function answerFor(answers: readonly LoopAnswer[], messages: readonly BaseMessage[]): LoopAnswer {
  const run = messages.slice(messages.findLastIndex((message) => HumanMessage.isInstance(message)) + 1);
  let steps = 0;
  let isNoted = false;
  for (const message of run) {
    if (AIMessage.isInstance(message)) isNoted = false;
    else if (!isNoted && noteOf(message) !== undefined) {
      isNoted = true;
      steps += 1;
    }
  }
  return answers[Math.min(steps, answers.length - 1)] as LoopAnswer;
}

/** Tells the model that its call was refused, and what to do instead. */
export function refusal(
  { message, hint }: AgentLoopDetectedError,
  call: { readonly name: string; readonly id?: string },
  loop: LoopAnswer,
): ToolMessage {
  const refused = new ToolMessage({
    content: `${message}. ${hint}`,
    tool_call_id: call.id ?? '',
    name: call.name,
    status: 'error',
  });
  return withNote(refused, { loop, finding: message });
}

/** Returns the message of a call that was answered without running, so that the next loop gets the next answer. */
export function shortCircuited(message: ToolMessage): ToolMessage {
  return withNote(message, { loop: 'short_circuit' });
}
