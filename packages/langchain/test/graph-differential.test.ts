import { createToolCache } from '@keepstep/core';
import { HumanMessage, type BaseMessage } from '@langchain/core/messages';
import { Command, MemorySaver } from '@langchain/langgraph';
import { createReactAgent } from '@langchain/langgraph/prebuilt';
import { describe, expect, it } from 'vitest';

import { cacheTools, type AnyTool } from '../src/index.ts';
import type { ScriptedCall } from './agent-run.ts';
import { askingModel, toolGraph } from './graph-run.ts';
import { call, exchanges, oddTools, plain } from './odd-tools.ts';

type Steps = readonly (readonly ScriptedCall[])[];

/** Is the part of a graph that the tests use. */
interface Graph {
  invoke(input: unknown, config: object): Promise<unknown>;
  stream(input: unknown, config: object): Promise<AsyncIterable<unknown>>;
}

const input = () => ({ messages: [new HumanMessage({ id: 'human', content: 'Go on.' })] });
const config = { configurable: { thread_id: 'thread' } };

const GRAPHS: Readonly<Record<string, (steps: Steps, tools: readonly AnyTool[]) => Graph>> = {
  'a graph with a node of tools': (steps, tools) =>
    toolGraph(withIds(steps), { tools, checkpointer: new MemorySaver() }),
  createReactAgent: (steps, tools) =>
    createReactAgent({
      llm: askingModel(withIds(steps)),
      tools: [...tools] as any[],
      checkpointer: new MemorySaver(),
    }) as Graph,
};

function withIds(steps: Steps): Steps {
  return steps.map((calls, step) => calls.map((each, place) => ({ ...each, id: `call_${step}_${place}` })));
}

/** Returns the tools behind a cache that no policy has told about them. */
function behindCache(): readonly AnyTool[] {
  return cacheTools(oddTools as readonly AnyTool[], { cache: createToolCache() });
}

async function outcome(run: Promise<any>): Promise<unknown> {
  const { messages, __interrupt__: interrupts } = await run;
  return { messages: plain(messages), asked: interrupts?.map(({ value }: { value: unknown }) => value) };
}

async function streamed(graph: Graph, streamMode: string): Promise<unknown> {
  const parts = [];
  for await (const part of await graph.stream(input(), { ...config, streamMode })) {
    parts.push(streamMode === 'messages' ? plain([(part as [BaseMessage])[0]]) : part);
  }
  return JSON.parse(
    JSON.stringify(parts, (key, value) =>
      value?.lc_serializable === true ? plain([value]) : key === 'id' ? undefined : value,
    ),
  );
}

describe.each(Object.entries(GRAPHS))('%s, with tools behind a cache and no policy', (_, build) => {
  describe.each(Object.entries(exchanges))('that meets %s', (_exchange, steps) => {
    it('has the same messages as with bare tools', async () => {
      const expected = await outcome(build(steps, oddTools).invoke(input(), config));
      expect(await outcome(build(steps, behindCache()).invoke(input(), config))).toStrictEqual(expected);
    });

    it.each(['messages', 'updates', 'values', 'custom'])('streams the same %s', async (mode) => {
      const expected = await streamed(build(steps, oddTools), mode);
      expect(await streamed(build(steps, behindCache()), mode)).toStrictEqual(expected);
    });
  });

  it('asks, and goes on with the answer, as with bare tools', async () => {
    const steps = [[call('weather'), call('book')], [call('book', 'Varna')]];
    const read = async (tools: readonly AnyTool[]) => {
      const graph = build(steps, tools);
      const asked = await outcome(graph.invoke(input(), config));
      const again = await outcome(graph.invoke(new Command({ resume: 'yes' }), config));
      return [asked, again, await outcome(graph.invoke(new Command({ resume: 'no' }), config))];
    };
    const expected = await read(oddTools);
    expect(expected[0]).toMatchObject({ asked: ['May I book Sofia?'] });
    expect(await read(behindCache())).toStrictEqual(expected);
  });
});
