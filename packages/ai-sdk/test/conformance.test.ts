import { createToolCache, memoryStore, type ToolCache, type ToolPolicy } from '@keepstep/core';
import {
  bindAdapterConformance,
  type AdapterAnswer,
  type AdapterCall,
  type AdapterConnection,
  type AdapterTool,
} from '@keepstep/core/testing';
import { describe, it } from 'vitest';

import { cacheTools } from '../src/index.ts';
import { modelDouble, toolCall } from './model-double.ts';
import { sdks, type Sdk } from './sdk.ts';

for (const sdk of sdks) {
  bindAdapterConformance(
    { describe, it },
    {
      name: `${sdk.name}: cacheTools`,
      createStore: memoryStore,
      createCache: createToolCache,
      connect: (cache, tools) => connect(sdk, cache, tools),
      capabilities: ['streaming', 'error-identity', 'returned-errors'],
      failure: (message) => ({ isError: true, content: [{ type: 'text', text: message }] }),
    },
  );
}

/** Lets a model ask for a tool, and the SDK itself answer it. */
function connect(sdk: Sdk, cache: ToolCache, tools: readonly AdapterTool[]): AdapterConnection {
  const own = Object.fromEntries(tools.map((tool) => [tool.name, toolOf(sdk, tool)]));
  const policies = tools.flatMap(({ name, policy }): [string, ToolPolicy][] => (policy ? [[name, policy]] : []));
  const cached = cacheTools(own, {
    cache,
    tools: Object.fromEntries(policies),
    session: ({ context, experimental_context }) => (context ?? experimental_context)?.session,
  });
  const streaming = new Set(tools.filter(({ stream }) => stream !== undefined).map(({ name }) => name));
  return (call) => (streaming.has(call.toolName) ? answerStreaming : answer)(sdk, cached, call);
}

function toolOf(sdk: Sdk, { name, run, stream }: AdapterTool): any {
  const execute =
    stream === undefined
      ? async (input: any, { abortSignal }: any) => run(input, { signal: abortSignal })
      : async function* execute(input: any, { abortSignal }: any) {
          yield* stream(input, { signal: abortSignal });
        };
  const inputSchema = sdk.jsonSchema({ type: 'object', additionalProperties: true });
  return sdk.tool({ description: `The tool ${name}`, inputSchema, execute });
}

function request(sdk: Sdk, tools: object, { toolName, input, toolCallId, session, signal }: AdapterCall): object {
  const model = modelDouble(sdk, () => ({ content: [toolCall(toolName, input, toolCallId)] }));
  const context = sdk.contextFor(Object.keys(tools), { session });
  return { model, tools, prompt: 'Go on.', abortSignal: signal, maxRetries: 0, ...context };
}

async function answer(sdk: Sdk, tools: object, call: AdapterCall): Promise<AdapterAnswer> {
  const { steps } = await sdk.generateText(request(sdk, tools, call));
  return answerIn(steps[0].content);
}

async function answerStreaming(sdk: Sdk, tools: object, call: AdapterCall): Promise<AdapterAnswer> {
  const all: any[] = [];
  // What goes wrong in a stream is a part of it; the default handler would print it.
  const { fullStream } = sdk.streamText({ ...request(sdk, tools, call), onError: () => undefined });
  for await (const part of fullStream) all.push(part);
  const parts = all.filter(({ type, preliminary }) => type === 'tool-result' && preliminary === true);
  return { ...answerIn(all.filter((part) => part.preliminary !== true)), parts: parts.map(({ output }) => output) };
}

function answerIn(content: readonly any[]): AdapterAnswer {
  const found = content.find(({ type }) => type === 'tool-result' || type === 'tool-error');
  if (found === undefined) throw new Error(`no answer in ${JSON.stringify(content.map(({ type }) => type))}`);
  const { type, toolCallId, output, error } = found;
  return type === 'tool-result'
    ? { status: 'answered', toolCallId, value: output }
    : { status: 'failed', toolCallId, error, message: String(error?.message) };
}
