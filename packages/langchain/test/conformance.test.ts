import { createToolCache, memoryStore, type Session, type ToolCache, type ToolPolicy } from '@keepstep/core';
import {
  bindAdapterConformance,
  type AdapterCall,
  type AdapterConnection,
  type AdapterHarness,
  type AdapterTool,
  type ConformanceSkip,
} from '@keepstep/core/testing';
import { HumanMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import { createReactAgent } from '@langchain/langgraph/prebuilt';
import { createAgent, createMiddleware, type AgentMiddleware } from 'langchain';
import { describe, it } from 'vitest';

import { cacheTools, keepstepMiddleware, type AnyTool, type KeepstepMiddlewareOptions } from '../src/index.ts';
import type { ScriptedCall } from './agent-run.ts';
import { answerOf, controlFlow, langchainTool, PartListener } from './conformance-tool.ts';
import { askingModel, toolGraph } from './graph-run.ts';
import { isOldest } from './langchain-set.ts';

/** Lists cases in which a tool fails that a middleware has brought along. */
const FATAL_ERRORS: readonly ConformanceSkip[] = [
  'reports an error that a tool throws, and does not keep it',
  'reports an error of a tool that writes',
  'does not keep a result that says the tool has failed',
  'reads anew after a write that has failed: it may have happened',
  'tells everybody who waits that the tool has failed',
].map((name) => ({
  case: name,
  reason:
    'in this version, an error that passes any middleware counts as its own and ends the agent, with ours or without',
}));

const SHARED: Pick<AdapterHarness, 'createStore' | 'createCache' | 'failure' | 'controlFlow'> = {
  createStore: memoryStore,
  createCache: createToolCache,
  failure: (message) => new ToolMessage({ content: message, status: 'error', tool_call_id: 'call_of_nobody' }),
  controlFlow,
};

bindAdapterConformance(
  { describe, it },
  {
    ...SHARED,
    name: 'cacheTools, called as a tool',
    connect: connectTools,
    capabilities: ['streaming', 'error-identity', 'returned-errors', 'control-flow'],
  },
);

bindAdapterConformance(
  { describe, it },
  {
    ...SHARED,
    name: 'cacheTools, in an agent',
    connect: (cache, tools) => connectAgent({ tools: cached(cache, tools) }),
    capabilities: ['streaming', 'returned-errors', 'control-flow'],
  },
);

bindAdapterConformance(
  { describe, it },
  {
    ...SHARED,
    name: 'cacheTools, in a graph with a ToolNode',
    connect(cache, tools) {
      const parts = { tools: cached(cache, tools) };
      return connectGraph((call) => toolGraph([[call]], parts));
    },
    capabilities: ['streaming', 'returned-errors', 'control-flow'],
  },
);

bindAdapterConformance(
  { describe, it },
  {
    ...SHARED,
    name: 'cacheTools, in createReactAgent',
    connect(cache, tools) {
      const agentTools = [...cached(cache, tools)] as any[];
      return connectGraph(
        (call) => createReactAgent({ llm: askingModel([[call]]), tools: agentTools }) as ConnectedGraph,
      );
    },
    capabilities: ['streaming', 'returned-errors', 'control-flow'],
  },
);

bindAdapterConformance(
  { describe, it },
  {
    ...SHARED,
    name: 'keepstepMiddleware',
    connect(cache, tools) {
      const session: KeepstepMiddlewareOptions['session'] = ({ configurable }) => configurable?.['session'] as Session;
      const middleware = [keepstepMiddleware({ cache, tools: policiesOf(tools), session })];
      return connectAgent({ tools: tools.map(langchainTool), middleware });
    },
    capabilities: ['streaming', 'returned-errors', 'control-flow'],
  },
);

bindAdapterConformance(
  { describe, it },
  {
    ...SHARED,
    name: 'keepstepMiddleware, tools that a middleware brings along',
    connect(cache, tools) {
      const session: KeepstepMiddlewareOptions['session'] = ({ configurable }) => configurable?.['session'] as Session;
      const keepstep = keepstepMiddleware({ cache, tools: policiesOf(tools), session });
      return connectAgent({ tools: [], middleware: [keepstep, toolBringer(tools.map(langchainTool))] });
    },
    capabilities: ['returned-errors', 'control-flow'],
    skip: [
      {
        case: 'leaves others unharmed when one of several callers is aborted, whoever came first',
        reason:
          'LangChain hands such a tool the signal of the agent that runs it; the middleware cannot give it another',
      },
      ...(isOldest ? FATAL_ERRORS : []),
    ],
  },
);

/** Is a middleware that knows tools which the agent does not. */
function toolBringer(tools: readonly AnyTool[]): AgentMiddleware {
  return createMiddleware({
    name: 'ToolBringer',
    wrapToolCall: (request, handler) =>
      handler({ ...request, tool: tools.find(({ name }) => name === request.toolCall.name) as never }),
  });
}

function cached(cache: ToolCache, tools: readonly AdapterTool[]) {
  return cacheTools(tools.map(langchainTool), {
    cache,
    tools: policiesOf(tools),
    session: ({ configurable }) => configurable?.['session'],
  });
}

function policiesOf(tools: readonly AdapterTool[]): Readonly<Record<string, ToolPolicy>> {
  return Object.fromEntries(tools.flatMap(({ name, policy }) => (policy ? [[name, policy]] : [])));
}

function connectTools(cache: ToolCache, tools: readonly AdapterTool[]): AdapterConnection {
  const known = new Map(cached(cache, tools).map((tool) => [tool.name, tool]));
  return async ({ toolName, input, toolCallId, session, signal }) => {
    const listener = new PartListener();
    const call = { type: 'tool_call' as const, id: toolCallId, name: toolName, args: input };
    const config = { configurable: { session }, callbacks: [listener], ...(signal && { signal }) };
    try {
      return answerOf(await known.get(toolName)?.invoke(call, config), listener.parts);
    } catch (error) {
      return { status: 'failed', toolCallId, error, message: String((error as Error | undefined)?.message) };
    }
  };
}

/** Is a graph whose model asks for one call. */
interface ConnectedGraph {
  invoke(input: unknown, config: object): Promise<{ readonly messages: BaseMessage[] }>;
}

/** Lets a model ask for a tool, and the agent answer it. */
function connectAgent(options: Pick<Parameters<typeof createAgent>[0], 'tools' | 'middleware'>): AdapterConnection {
  return connectGraph((call) => createAgent({ model: askingModel([[call]]), ...options }));
}

/** Lets a model ask for a tool, and the graph answer it. */
function connectGraph(build: (call: ScriptedCall) => ConnectedGraph): AdapterConnection {
  return async ({ toolName, input, toolCallId, session, signal }: AdapterCall) => {
    const listener = new PartListener();
    const graph = build({ name: toolName, args: input, id: toolCallId });
    const config = { configurable: { session }, callbacks: [listener], ...(signal && { signal }) };
    const { messages } = await graph.invoke({ messages: [new HumanMessage('Go on.')] }, config);
    return answerOf(
      messages.find((message) => ToolMessage.isInstance(message)),
      listener.parts,
    );
  };
}
