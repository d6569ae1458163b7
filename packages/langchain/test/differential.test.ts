import { createToolCache } from '@keepstep/core';
import { AIMessage, HumanMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { Command, MemorySaver } from '@langchain/langgraph';
import { createAgent } from 'langchain';
import { describe, expect, it } from 'vitest';

import { keepstepMiddleware, type KeepstepMiddleware } from '../src/index.ts';
import { scriptedCalls, type ScriptedCall } from './agent-run.ts';
import { isErrorText, isOldest } from './langchain-set.ts';
import { call, exchanges, oddTools, plain, schema, withoutStack } from './odd-tools.ts';

const VARIANTS = {
  'and nothing more': () => keepstepMiddleware({ cache: createToolCache() }),
  'and no loop detection': () => keepstepMiddleware({ cache: createToolCache(), loop: false }),
};

function agentWith(steps: readonly (readonly ScriptedCall[])[], middleware: KeepstepMiddleware[]) {
  return createAgent({ model: scriptedCalls(steps), tools: oddTools, middleware, checkpointer: new MemorySaver() });
}

const input = () => ({ messages: [new HumanMessage({ id: 'human', content: 'Go on.' })] });
const config = { configurable: { thread_id: 'thread' } };

/** Writes a part of a stream as a text, without random ids, and without what the middleware adds. */
function partText(part: Readonly<Record<string, unknown>>): string | undefined {
  const others = Object.entries(part).filter(([name]) => !/^_?keepstep/i.test(name));
  if (others.length === 0) return undefined;
  return JSON.stringify(Object.fromEntries(others), (key, value) => {
    if (value?.lc_serializable === true) return plain([value]);
    if (isOldest && isErrorText(`${value?.content}`)) return { ...value, status: undefined };
    return key === 'id' ? undefined : withoutStack(value);
  });
}

/** Sorts what tools that run side by side have said: it comes in the order in which they end. */
function inOrder(parts: readonly { readonly node: string; readonly text: string }[]): readonly string[] {
  const groups: { node: string; texts: string[] }[] = [];
  for (const { node, text } of parts) {
    if (groups.at(-1)?.node !== node) groups.push({ node, texts: [] });
    groups.at(-1)?.texts.push(text);
  }
  return groups.flatMap(({ texts }) => texts.sort());
}

function outcome(run: Promise<any>): Promise<any> {
  return run.then(
    (state) => ({ keys: Object.keys(state).sort(), messages: plain(state.messages), interrupts: state.__interrupt__ }),
    (error: unknown) => ({ error: String(error), name: (error as Error).name }),
  );
}

async function streamed(
  steps: readonly (readonly ScriptedCall[])[],
  streamMode: 'messages' | 'updates' | 'values' | 'custom',
  middleware: KeepstepMiddleware[],
): Promise<readonly string[]> {
  const all: any[] = [];
  const stream = await agentWith(steps, middleware).stream(input(), { ...config, streamMode });
  for await (const part of stream as AsyncIterable<any>) all.push(part);
  // Written down in the end: the agent puts a name on the model's message after it was streamed.
  const parts: { node: string; text: string }[] = [];
  for (const [place, part] of all.entries()) {
    const [message, about] = streamMode === 'messages' ? part : [part];
    const text = streamMode === 'messages' ? JSON.stringify(plain([message])) : partText(part);
    const node = about?.langgraph_node ?? (streamMode === 'updates' ? Object.keys(part)[0] : `${place}`);
    // A step of the middleware's own changes no value.
    const isNews = streamMode !== 'values' || text !== parts.at(-1)?.text;
    if (text !== undefined && isNews) parts.push({ node, text });
  }
  return inOrder(parts);
}

describe.each(Object.entries(VARIANTS))('an agent with the middleware %s, and no policy', (_variant, create) => {
  describe.each(Object.entries(exchanges))('that meets %s', (_, steps) => {
    it('has the same messages as one without it', async () => {
      const expected = await outcome(agentWith(steps, []).invoke(input(), config));
      expect(await outcome(agentWith(steps, [create()]).invoke(input(), config))).toStrictEqual(expected);
    });

    it.each(['messages', 'updates', 'values', 'custom'] as const)('streams the same %s', async (mode) => {
      expect(await streamed(steps, mode, [create()])).toStrictEqual(await streamed(steps, mode, []));
    });
  });

  it('asks, and goes on with the answer, like one without it', async () => {
    const steps = [[call('weather'), call('book')], [call('book', 'Varna')]];
    const read = async (middleware: KeepstepMiddleware[]) => {
      const agent = agentWith(steps, middleware);
      const asked = await outcome(agent.invoke(input(), config));
      const again = await outcome(agent.invoke(new Command({ resume: 'yes' }) as any, config));
      const done = await outcome(agent.invoke(new Command({ resume: 'no' }) as any, config));
      for (const each of [asked, again, done]) each.interrupts &&= each.interrupts.map((asking: any) => asking.value);
      return [asked, again, done];
    };
    const expected = await read([]);
    expect(expected[0]?.interrupts).toStrictEqual(['May I book Sofia?']);
    expect(await read([create()])).toStrictEqual(expected);
  });

  it('ends as one without it when its signal fires', async () => {
    const read = async (middleware: KeepstepMiddleware[]) => {
      const controller = new AbortController();
      const wait = tool(() => new Promise(() => controller.abort(new Error('enough'))), {
        name: 'wait',
        description: 'w',
        schema,
      });
      const model = scriptedCalls([[call('wait')]]);
      const agent = createAgent({ model, tools: [wait], middleware });
      return outcome(agent.invoke(input(), { signal: controller.signal }));
    };
    expect(await read([create()])).toStrictEqual(await read([]));
  });
});

it('compares what can differ', () => {
  expect(plain([new AIMessage('a')])).not.toStrictEqual(plain([new AIMessage('b')]));
});
