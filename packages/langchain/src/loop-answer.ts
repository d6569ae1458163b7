import { InvalidOptionError, type AgentLoopDetectedError, type LoopOptions } from '@keepstep/core';
import { checkNames, resolveLoopOptions } from '@keepstep/core/adapter';
import { AIMessage, HumanMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';

/**
 * Says how the agent is answered when a call closes a loop.
 *
 * - `nudge`: the call does not run; the model is told what it repeats, and what to do instead.
 * - `short_circuit`: the call does not run; the model gets the cached result, or nothing where there is none.
 * - `stop`: the call does not run, and the agent ends after this step with a message that says why.
 * - `raise`: the agent fails with the `AgentLoopDetectedError`, which older versions of LangChain wrap as the `cause` of theirs.
 */
export type LoopAnswer = 'nudge' | 'short_circuit' | 'stop' | 'raise';

/** Says how an agent is kept from running in circles. */
export interface AgentLoopOptions extends Omit<LoopOptions, 'onLoop' | 'loopDetection'> {
  /**
   * Says how a loop is answered: always the same way, or step by step. The first answer is for the first step of a run with
   * a loop in it, and the last for all later ones. Default: `["nudge", "stop"]`.
   */
  readonly onLoop?: LoopAnswer | readonly LoopAnswer[];
}

/** Is what a message says about a loop, to the middleware that wrote it. */
interface LoopNote {
  readonly loop: LoopAnswer;
  readonly finding?: string;
}

const ANSWERS: readonly unknown[] = ['nudge', 'short_circuit', 'stop', 'raise'] satisfies LoopAnswer[];
const NOTE = 'keepstep';
const RULES: readonly string[] = ['preset', 'maxToolRepeats', 'maxExecutionDepth', 'maxNesting', 'onLoop'];

/**
 * Checks how loops are answered, and returns the answers in their order.
 *
 * @throws InvalidOptionError for an option that is not allowed
 */
export function loopAnswers({ onLoop = ['nudge', 'stop'], ...rules }: AgentLoopOptions): readonly LoopAnswer[] {
  checkNames(rules, RULES, 'loop.');
  resolveLoopOptions(rules);
  const answers = typeof onLoop === 'string' ? [onLoop] : onLoop;
  const isAllowed = Array.isArray(answers) && answers.length > 0 && answers.every((answer) => ANSWERS.includes(answer));
  if (!isAllowed) throw new InvalidOptionError('loop.onLoop', onLoop, `one or several of ${ANSWERS.join(', ')}`);
  return answers;
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

/** Returns the last words of an agent that is to stop after its latest step; undefined for one that goes on. */
export function lastWords(messages: readonly BaseMessage[]): AIMessage | undefined {
  const step = messages.slice(messages.findLastIndex((message) => AIMessage.isInstance(message)) + 1);
  const note = step.map((message) => noteOf(message)).find((each) => each?.loop === 'stop');
  return note && withNote(new AIMessage(`I was stopped. ${note.finding}.`), note);
}

function withNote<Message extends BaseMessage>(message: Message, note: LoopNote): Message {
  // Never sent to a model, and kept by every checkpointer.
  message.response_metadata = { ...message.response_metadata, [NOTE]: note };
  return message;
}

function noteOf({ response_metadata: metadata }: BaseMessage): LoopNote | undefined {
  return (metadata as { [NOTE]?: LoopNote } | undefined)?.[NOTE];
}
