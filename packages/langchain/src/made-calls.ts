import { AIMessage, HumanMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import type { ToolRunnableConfig } from '@langchain/core/tools';

/** Is a call that a model has asked for before, and what it was answered. */
export interface MadeCall {
  readonly id: string;
  readonly name: string;
  readonly args: unknown;
  /** Is the result, as far as the message tells it; undefined for an error, and where there is none. */
  readonly answer: unknown;
}

/** Is where a call stands among those of its run. */
export interface MadeCalls {
  /** Lists the calls of the steps before, step by step. */
  readonly before: readonly (readonly MadeCall[])[];
  /** Lists the ids of the calls of the same step, its own included. */
  readonly step: readonly string[];
}

/** Returns the messages that a tool runs on: those of the graph around it. Undefined where there are none. */
export function messagesAround(config: ToolRunnableConfig): readonly BaseMessage[] | undefined {
  const { state, configurable } = config as ToolRunnableConfig & { readonly state?: unknown };
  // Where the node does not hand over the state, the task knows it.
  const input: unknown = state ?? configurable?.['__pregel_scratchpad']?.currentTaskInput;
  const messages = Array.isArray(input) ? input : (input as { readonly messages?: unknown } | undefined)?.messages;
  return Array.isArray(messages) ? (messages as BaseMessage[]) : undefined;
}

/**
 * Returns the calls of the run that a call belongs to: those since the last message of a person. Undefined where no message
 * has asked for it.
 *
 * @param counts tells which tools count
 */
export function madeCalls(
  messages: readonly BaseMessage[],
  id: string,
  counts: (name: string) => boolean,
): MadeCalls | undefined {
  const callsOf = (message: BaseMessage | undefined) => toolCallsOf(message).filter(({ name }) => counts(name));
  const place = messages.findLastIndex((message) => callsOf(message).some((call) => call.id === id));
  if (place < 0) return undefined;
  const earlier = messages.slice(0, place);
  const run = earlier.slice(earlier.findLastIndex((message) => HumanMessage.isInstance(message)) + 1);
  const answers = new Map(
    run.filter((message) => ToolMessage.isInstance(message)).map((message) => [message.tool_call_id, message]),
  );
  return {
    before: run
      .map((message) =>
        callsOf(message).map(({ id: made, name, args }) => ({
          id: made,
          name,
          args,
          answer: answerOf(answers.get(made)),
        })),
      )
      .filter((step) => step.length > 0),
    step: callsOf(messages[place]).map((call) => call.id),
  };
}

function toolCallsOf(message: BaseMessage | undefined): Omit<MadeCall, 'answer'>[] {
  if (!AIMessage.isInstance(message)) return [];
  return (message.tool_calls ?? []).map(({ id = '', name, args }) => ({ id, name, args }));
}

function answerOf(message: ToolMessage | undefined): unknown {
  if (message === undefined || message.status === 'error') return undefined;
  return message.artifact === undefined ? message.content : [message.content, message.artifact];
}
