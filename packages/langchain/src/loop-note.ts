import type { BaseMessage } from '@langchain/core/messages';

/**
 * Says how the agent is answered when a call closes a loop.
 *
 * - `nudge`: the call does not run; the model is told what it repeats, and what to do instead.
 * - `short_circuit`: the call does not run; the model gets the cached result, or nothing where there is none.
 * - `stop`: the call does not run, and the agent ends after this step with a message that says why.
 * - `raise`: the agent fails with the `AgentLoopDetectedError`, which older versions of LangChain wrap as the `cause` of theirs.
 */
export type LoopAnswer = 'nudge' | 'short_circuit' | 'stop' | 'raise';

/** Is what a message says about a loop, to whoever wrote it. */
export interface LoopNote {
  readonly loop: LoopAnswer;
  readonly finding?: string;
}

const NOTE = 'keepstep';

/** Puts a note on a message. */
export function withNote<Message extends BaseMessage>(message: Message, note: LoopNote): Message {
  // Never sent to a model, and kept by every checkpointer.
  message.response_metadata = { ...message.response_metadata, [NOTE]: note };
  return message;
}

/** Returns the note on a message; undefined where there is none. */
export function noteOf({ response_metadata: metadata }: BaseMessage): LoopNote | undefined {
  return (metadata as { [NOTE]?: LoopNote } | undefined)?.[NOTE];
}
