import { AIMessage, type BaseMessage } from '@langchain/core/messages';
import { fakeModel } from '@langchain/core/testing';
import { END, MessagesAnnotation, START, StateGraph, type BaseCheckpointSaver } from '@langchain/langgraph';
import { ToolNode, toolsCondition } from '@langchain/langgraph/prebuilt';

import { loopStopped, type AnyTool } from '../src/index.ts';
import type { ScriptedCall } from './agent-run.ts';

/** Says what a graph is made of. */
export interface GraphParts {
  readonly tools: readonly AnyTool[];
  readonly checkpointer?: BaseCheckpointSaver;
  /** Ends the graph where a call was answered with `stop`. Default: true. */
  readonly stops?: boolean;
  /** Lets errors of tools fail the graph. Default: false. */
  readonly throws?: boolean;
}

/**
 * Creates a model that asks for the calls of each step in turn, and then says "Done." Its messages have no ids, so that those
 * of two processes do not replace each other.
 */
export function askingModel(steps: readonly (readonly ScriptedCall[])[]): ReturnType<typeof fakeModel> {
  const model = fakeModel();
  for (const calls of steps) model.respond(new AIMessage({ content: '', tool_calls: [...calls] }));
  return model.respond(new AIMessage('Done.'));
}

/** Lets a model that asks for the given calls, step by step, loop with a node of tools. */
export function toolGraph(steps: readonly (readonly ScriptedCall[])[], parts: GraphParts) {
  const { tools, checkpointer, stops = true, throws = false } = parts;
  const model = askingModel(steps);
  const node = new ToolNode(tools as any[], { handleToolErrors: !throws });
  return new StateGraph(MessagesAnnotation)
    .addNode('agent', async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
    .addNode('tools', node)
    .addEdge(START, 'agent')
    .addConditionalEdges('agent', toolsCondition, ['tools', END])
    .addConditionalEdges('tools', ({ messages }) => (stops && loopStopped(messages) ? END : 'agent'), ['agent', END])
    .compile({ ...(checkpointer && { checkpointer }) });
}

/** Writes what the tools answered, in order: the text, with `!` before what is an error. */
export function toolTexts(messages: readonly BaseMessage[]): string[] {
  return messages
    .filter(({ type }) => type === 'tool')
    .map((message) => `${(message as { status?: string }).status === 'error' ? '!' : ''}${message.text}`);
}
