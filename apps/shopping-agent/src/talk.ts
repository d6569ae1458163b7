import type { Session } from '@keepstep/core';
import { saying, type Stage } from '@keepstep/scenario-kit';
import type { ModelMessage, StepResult, ToolLoopAgent } from 'ai';

import type { ShoppingTools } from './shopping-tools.ts';

/** Is an agent of the shop. */
export type ShoppingAgent = ToolLoopAgent<never, ShoppingTools>;

/** Is what somebody says to an agent. */
export interface Talk {
  readonly agent: ShoppingAgent;
  readonly session: Session;
  readonly speaker: string;
  readonly prompt: string;
  /** Is the conversation so far, to go on with. */
  readonly messages?: readonly ModelMessage[];
  /** Lets the agent speak while it works. */
  readonly isStreamed: boolean;
}

/** Is what came of it. */
export interface Answer {
  /** Is the whole conversation. */
  readonly messages: readonly ModelMessage[];
  readonly steps: readonly StepResult<ShoppingTools>[];
}

/** Lets somebody talk to an agent, and tells people what is said and done. */
export async function talk(stage: Stage, talking: Talk): Promise<Answer> {
  const { session, speaker, prompt, messages: before = [], isStreamed } = talking;
  stage.say(saying(speaker, prompt));
  const messages: ModelMessage[] = [...before, { role: 'user', content: prompt }];
  // The tools find the session by themselves, wherever they run below.
  const { text, steps, responseMessages } = await session.run(() =>
    isStreamed ? speak(stage, talking, messages) : work(stage, talking, messages),
  );
  stage.conversations.push({ session: session.id, prompt, answer: text });
  return { messages: [...messages, ...responseMessages], steps };
}

interface Work {
  readonly text: string;
  readonly steps: readonly StepResult<ShoppingTools>[];
  readonly responseMessages: readonly ModelMessage[];
}

/** Lets the agent work until it has the answer. */
async function work(stage: Stage, { agent, session }: Talk, messages: ModelMessage[]): Promise<Work> {
  const result = await agent.generate({ messages, ...observer(stage, session) });
  stage.say(saying('agent', result.text));
  return result;
}

/** Lets the agent say what it has to say as soon as it says it, the answer last. */
async function speak(stage: Stage, { agent, session }: Talk, messages: ModelMessage[]): Promise<Work> {
  const result = await agent.stream({ messages, ...observer(stage, session) });
  let line = '';
  for await (const part of result.stream) {
    if (part.type === 'error') throw part.error;
    if (part.type === 'text-delta') line += part.text;
    if (part.type !== 'text-end') continue;
    stage.say(saying('agent', line));
    line = '';
  }
  const [text, steps, responseMessages] = await Promise.all([result.text, result.steps, result.responseMessages]);
  return { text, steps, responseMessages };
}

/** Tells the account of every call, before and after. */
function observer({ account }: Stage, session: Session) {
  return {
    onToolExecutionStart: ({ toolCall }: { readonly toolCall: ObservedCall }) => account.asked(session, toolCall),
    onToolExecutionEnd: ({ toolCall, toolOutput }: { readonly toolCall: ObservedCall; readonly toolOutput: object }) =>
      account.answered(session, toolCall, 'error' in toolOutput ? { error: toolOutput.error } : undefined),
  };
}

interface ObservedCall {
  readonly toolCallId: string;
  readonly toolName: string;
  readonly input: unknown;
}
