import type { RunnableConfig } from '@langchain/core/runnables';
import { AIMessage, HumanMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import { fakeModel } from '@langchain/core/testing';
import { createAgent, type CreateAgentParams } from 'langchain';

/** Is one call that a scripted model asks for. */
export interface ScriptedCall {
  readonly name: string;
  readonly args: Record<string, unknown>;
  readonly id?: string;
}

/** Creates a model that asks for the calls of each step in turn, and then says "Done." */
export function scriptedCalls(steps: readonly (readonly ScriptedCall[])[]): ReturnType<typeof fakeModel> {
  const model = fakeModel();
  for (const [step, calls] of steps.entries()) {
    model.respondWithTools(
      calls.map(({ name, args, id }, place) => ({ name, args, id: id ?? `call_${step + 1}_${place + 1}` })),
    );
  }
  return model.respond(new AIMessage('Done.'));
}

/** Runs an agent whose model makes the given calls, step by step, and returns all its messages. */
export async function runAgent(
  steps: readonly (readonly ScriptedCall[])[],
  params: Partial<CreateAgentParams<any, any, any, any>>,
  config?: RunnableConfig & { readonly context?: any },
): Promise<BaseMessage[]> {
  const agent = createAgent({ model: scriptedCalls(steps), ...params } as any);
  const { messages } = await agent.invoke({ messages: [new HumanMessage('Go on.')] } as any, config as any);
  return messages as BaseMessage[];
}

/** Returns what the tools answered, in order. */
export function toolAnswers(messages: readonly BaseMessage[]): readonly ToolMessage[] {
  return messages.filter((message): message is ToolMessage => ToolMessage.isInstance(message));
}
