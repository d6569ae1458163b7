import { AgentLoopDetectedError, type Session } from '@keepstep/core';
import type { ModelMessage, ModelToolCall } from '@keepstep/core/testing';

import type { ChatModel } from '../models/chat-model.ts';
import type { AgentTool } from './agent-tool.ts';

/** Is the part of a session that an account tells of. */
export type ObservedSession = Pick<Session, 'id' | 'metrics'>;

/** Is told about every call, before and after. */
export interface AgentObserver {
  asked(session: ObservedSession, call: ModelToolCall): void;
  answered(session: ObservedSession, call: ModelToolCall, failure: { readonly error: unknown } | undefined): void;
}

/** Sets an agent to work. */
export interface AgentOptions {
  readonly model: ChatModel;
  readonly tools: readonly AgentTool[];
  readonly session: Session;
  readonly observer: AgentObserver;
  /** Is what the user says. */
  readonly prompt: string;
  /** Is what the agent is told about its work. */
  readonly instructions?: string;
  /** Is the conversation so far, to go on with. */
  readonly messages?: readonly ModelMessage[];
  /** Is how often the model is asked at most. Default: 30. */
  readonly maxTurns?: number;
}

/** Is how the work of an agent ended. */
export interface AgentRun {
  /** Is the answer of the model; undefined when it was stopped. */
  readonly answer: string | undefined;
  /** Is the loop that it was stopped for. */
  readonly loop: AgentLoopDetectedError | undefined;
  /** Is the whole conversation. */
  readonly messages: readonly ModelMessage[];
  /** Lists the errors that tools threw, as the very objects. */
  readonly errors: readonly unknown[];
}

/**
 * Lets an agent work: asks the model, runs the tools it wants, tells it the results, until it answers.
 *
 * An error of a tool is a result like any other: the model reads its message and decides. A detected loop ends the work.
 */
export async function runAgent(options: AgentOptions): Promise<AgentRun> {
  const { model, tools, session, observer, maxTurns = 30 } = options;
  const messages = conversation(options);
  const errors: unknown[] = [];
  for (let turn = 0; turn < maxTurns; turn += 1) {
    const { text, toolCalls } = await model.next(messages, { tools });
    messages.push({ role: 'assistant', content: text, toolCalls });
    if (toolCalls.length === 0) return { answer: text, loop: undefined, messages, errors };

    for (const call of toolCalls) observer.asked(session, call);
    const answers = await Promise.all(toolCalls.map((call) => answerCall(call, tools, session, observer)));
    for (const { message, failure } of answers) {
      messages.push(message);
      if (failure !== undefined) errors.push(failure.error);
    }
    const loop = errors.find((error) => AgentLoopDetectedError.isInstance(error));
    if (loop !== undefined) return { answer: undefined, loop, messages, errors };
  }
  return { answer: undefined, loop: undefined, messages, errors };
}

function conversation({ messages, instructions, prompt }: AgentOptions): ModelMessage[] {
  const system: ModelMessage[] = instructions === undefined ? [] : [{ role: 'system', content: instructions }];
  return [...(messages ?? system), { role: 'user', content: prompt }];
}

interface Answer {
  readonly message: ModelMessage;
  readonly failure: { readonly error: unknown } | undefined;
}

async function answerCall(
  call: ModelToolCall,
  tools: readonly AgentTool[],
  session: Session,
  observer: AgentObserver,
): Promise<Answer> {
  const { toolCallId, toolName } = call;
  try {
    const value = await toolNamed(toolName, tools).call(call.input, { session, toolCallId });
    observer.answered(session, call, undefined);
    const content = JSON.stringify(value) ?? 'null';
    return { message: { role: 'tool', toolCallId, toolName, content }, failure: undefined };
  } catch (error) {
    observer.answered(session, call, { error });
    return {
      message: { role: 'tool', toolCallId, toolName, content: messageFor(error), failed: true },
      failure: { error },
    };
  }
}

function toolNamed(name: string, tools: readonly AgentTool[]): AgentTool {
  const tool = tools.find((each) => each.name === name);
  if (tool === undefined)
    throw new Error(`There is no tool ${name}. There are: ${tools.map((each) => each.name).join(', ')}.`);
  return tool;
}

/** Says to the model what went wrong; about a loop, also what to do instead. */
function messageFor(error: unknown): string {
  if (AgentLoopDetectedError.isInstance(error)) return `${error.message}. ${error.hint}`;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
