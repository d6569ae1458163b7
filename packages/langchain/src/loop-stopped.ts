import { AIMessage, type BaseMessage } from '@langchain/core/messages';

import { noteOf, withNote } from './loop-note.ts';

/**
 * Tells whether an agent is to end after its latest step, because a call in it was answered with `stop`: returns what it says
 * in the end, and undefined where it goes on.
 *
 * ```ts
 * graph.addConditionalEdges('tools', ({ messages }) => (loopStopped(messages) ? END : 'agent'));
 * ```
 */
export function loopStopped(messages: readonly BaseMessage[]): AIMessage | undefined {
  const step = messages.slice(messages.findLastIndex((message) => AIMessage.isInstance(message)) + 1);
  const note = step.map((message) => noteOf(message)).find((each) => each?.loop === 'stop');
  return note && withNote(new AIMessage(`I was stopped. ${note.finding}.`), note);
}
