import { createToolCache } from '@keepstep/core';
import { AIMessage, HumanMessage, type BaseMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { Command, interrupt, MemorySaver, type LangGraphRunnableConfig } from '@langchain/langgraph';
import { createAgent, ToolMessage } from 'langchain';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { keepstepMiddleware, type KeepstepMiddleware } from '../src/index.ts';
import { scriptedCalls, type ScriptedCall } from './agent-run.ts';
import { isErrorText, isOldest } from './langchain-set.ts';

const schema = z.object({ city: z.string(), days: z.number().default(1) });

// What an agent may meet, each tool in its own way.
const tools = [
  tool(({ city, days }) => `sunny in ${city} for ${days} days`, { name: 'weather', description: 'w', schema }),
  tool(({ city }) => ({ city, degrees: 21, rain: null }), { name: 'degrees', description: 'd', schema }),
  tool(({ city }) => [`map of ${city}`, { tiles: [1, 2] }], {
    name: 'map',
    description: 'm',
    schema,
    responseFormat: 'content_and_artifact',
  }),
  tool(({ city }) => [{ type: 'text', text: `photo of ${city}` }], { name: 'photo', description: 'p', schema }),
  tool(
    () => {
      throw new TypeError('the station is closed');
    },
    { name: 'broken', description: 'b', schema },
  ),
  tool(
    ({ city }, { toolCall }) =>
      new ToolMessage({ content: `note on ${city}`, tool_call_id: toolCall?.id ?? '', status: 'error', name: 'note' }),
    { name: 'note', description: 'n', schema },
  ),
  tool(
    (_, { toolCall }) =>
      new Command({ update: { messages: [new ToolMessage({ content: 'moved', tool_call_id: toolCall?.id ?? '' })] } }),
    { name: 'move', description: 'c', schema },
  ),
  tool(({ city }) => `booked ${city}: ${interrupt(`May I book ${city}?`)}`, { name: 'book', description: 'i', schema }),
  tool(
    async function* search({ city }: { city: string }) {
      yield { found: 1 };
      yield { found: 2 };
      return `three pages on ${city}`;
    } as never,
    { name: 'search', description: 's', schema },
  ),
  tool(
    (_, config) => {
      (config as unknown as LangGraphRunnableConfig).writer?.({ progress: 'half' });
      return 'told';
    },
    { name: 'tell', description: 't', schema },
  ),
  tool(() => 'the end', { name: 'last', description: 'r', schema, returnDirect: true }),
];

const call = (name: string, city = 'Sofia'): ScriptedCall => ({ name, args: { city } });

const EXCHANGES: Readonly<Record<string, readonly (readonly ScriptedCall[])[]>> = {
  'a text': [[call('weather')]],
  'an object': [[call('degrees')]],
  'a pair of content and artifact': [[call('map')]],
  'content blocks': [[call('photo')]],
  'an error': [[call('broken')], [call('weather')]],
  'a message that says it has failed': [[call('note')]],
  'a command': [[call('move')], [call('weather')]],
  'preliminary results': [[call('search')]],
  'input that does not fit': [[{ name: 'weather', args: { town: 'Sofia' } }], [call('weather')]],
  'a tool that does not exist': [[call('guess')], [call('weather')]],
  'a tool that ends the agent': [[call('last')]],
  'words for the program': [[call('tell')]],
  'calls side by side': [[call('weather'), call('broken'), call('move'), call('degrees', 'Varna'), call('weather')]],
  'the same call again': [[call('weather')], [call('weather')], [call('degrees')]],
};

const VARIANTS = {
  'and nothing more': () => keepstepMiddleware({ cache: createToolCache() }),
  'and no loop detection': () => keepstepMiddleware({ cache: createToolCache(), loop: false }),
};

function agentWith(steps: readonly (readonly ScriptedCall[])[], middleware: KeepstepMiddleware[]) {
  return createAgent({ model: scriptedCalls(steps), tools, middleware, checkpointer: new MemorySaver() });
}

const input = () => ({ messages: [new HumanMessage({ id: 'human', content: 'Go on.' })] });
const config = { configurable: { thread_id: 'thread' } };

/** Says everything about messages but the ids that are made at random. */
function plain(messages: readonly BaseMessage[] = []): unknown {
  return messages.map((message) => {
    const { id: _id, content, ...data } = message.toDict().data as any;
    if (isOldest && isErrorText(message.text)) delete data.status;
    return { ...data, content: withoutStack(content), type: message.type, artifact: (message as any).artifact };
  });
}

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

/** Takes away the stack that the error of an input that does not fit tells the model. */
function withoutStack(value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll(/^ +at .*$\n?/gm, '') : value;
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
  describe.each(Object.entries(EXCHANGES))('that meets %s', (_, steps) => {
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
