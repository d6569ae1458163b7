import { createToolCache, type ToolCache, type ToolPolicy } from '@keepstep/core';
import { HumanMessage, RemoveMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { Command, interrupt, MemorySaver } from '@langchain/langgraph';
import { createReactAgent, ToolNode } from '@langchain/langgraph/prebuilt';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { cacheTools, type CacheToolListOptions } from '../src/index.ts';
import type { ScriptedCall } from './agent-run.ts';
import { askingModel, toolGraph, toolTexts } from './graph-run.ts';

const schema = z.object({ query: z.string(), depth: z.number().default(1) });
const READ: ToolPolicy = { kind: 'read', scope: 'global' };
const thread = { configurable: { thread_id: 'thread' } };
const input = { messages: [new HumanMessage({ id: 'human', content: 'Go on.' })] };

const call = (query: string, id: string, name = 'search'): ScriptedCall => ({ name, args: { query }, id });
const repeated = (count: number, from = 1): (readonly ScriptedCall[])[] =>
  Array.from({ length: count }, (_, place) => [call('a', `call_${from + place}`)]);

/** Is a process: tools and a cache of its own. */
function process(options: Partial<CacheToolListOptions> = {}, cache: ToolCache = createToolCache()) {
  const runs: string[] = [];
  const search = tool(({ query }) => (runs.push(query), `page of ${query}`), {
    name: 'search',
    description: 's',
    schema,
  });
  const book = tool(({ query }) => `booked ${query}: ${interrupt('May I?')}`, {
    name: 'book',
    description: 'b',
    schema,
  });
  const tools = cacheTools([search, book], {
    cache,
    tools: { search: READ },
    loop: { maxToolRepeats: 3 },
    ...options,
  });
  return { cache, runs, tools };
}

const LOOP = 'Loop detected: search was called 4 times with the same arguments (limit 3)';

describe('tools in a graph', () => {
  it('run once for a thread, and hits carry the id of the call that asked', async () => {
    const { tools, runs, cache } = process({ tools: { search: { kind: 'read' } } });
    const { messages } = await toolGraph(repeated(2), { tools }).invoke(input, thread);
    expect(messages.filter(({ type }) => type === 'tool')).toMatchObject([
      { tool_call_id: 'call_1', content: 'page of a' },
      { tool_call_id: 'call_2', content: 'page of a' },
    ]);
    await toolGraph(repeated(1), { tools }).invoke(input, { configurable: { thread_id: 'another' } });
    expect([runs.length, cache.metrics().hits]).toEqual([2, 1]);
  });

  it('share what is cached for a user with the same user only', async () => {
    const { tools, runs } = process({
      tools: { search: { kind: 'read', scope: 'user' } },
      userId: ({ configurable }) => configurable?.['user'],
    });
    for (const [id, user] of [
      ['1', 'ann'],
      ['2', 'ann'],
      ['2', 'bob'],
    ]) {
      await toolGraph(repeated(1), { tools }).invoke(input, { configurable: { thread_id: id, user } });
    }
    expect(runs).toHaveLength(2);
  });

  it('have no session without a thread', async () => {
    const { tools, runs } = process({ tools: { search: { kind: 'read' } } });
    await toolGraph(repeated(5), { tools }).invoke(input);
    expect(runs).toHaveLength(5);
  });
});

describe('a loop across the steps of a graph', () => {
  it('is answered with a hint, and then stops a graph that asks', async () => {
    const { tools, runs } = process();
    const { messages } = await toolGraph(repeated(9), { tools }).invoke(input, thread);
    const texts = toolTexts(messages);
    expect(texts.slice(0, 3)).toEqual(Array.from({ length: 3 }, () => 'page of a'));
    expect(texts[3]).toBe(
      `!${LOOP}. Do not call search with these arguments again: work with what you have, or say what is missing.`,
    );
    expect([texts.length, runs.length]).toEqual([5, 1]);
  });

  it('goes on being refused in a graph that does not ask', async () => {
    const { tools } = process();
    const { messages } = await toolGraph(repeated(7), { tools, stops: false }).invoke(input, thread);
    expect(toolTexts(messages).map((text) => text.startsWith('!'))).toEqual([
      ...Array(3).fill(false),
      ...Array(4).fill(true),
    ]);
    expect(messages.at(-1)?.text).toBe('Done.');
  });

  it('fails a graph that lets errors of tools pass, where it is raised', async () => {
    const { tools } = process({ loop: { maxToolRepeats: 3, onLoop: 'raise' } });
    const run = toolGraph(repeated(9), { tools, throws: true }).invoke(input, thread);
    await expect(run).rejects.toMatchObject({ code: 'loop_detected', rule: 'repeats', count: 4 });
  });

  it('is found in rounds of several tools, too', async () => {
    const { tools } = process();
    const steps = ['a', 'b', 'a', 'b'].map((query, place) => [call(query, `call_${place}`)]);
    const { messages } = await toolGraph(steps, { tools }).invoke(input, thread);
    expect(toolTexts(messages).at(-1)).toMatch(/^!Cycle detected: search -> search/);
  });

  it('is let run where nobody looks for it', async () => {
    const { tools } = process({ loop: false });
    const { messages } = await toolGraph(repeated(9), { tools }).invoke(input, thread);
    expect(toolTexts(messages)).toEqual(Array.from({ length: 9 }, () => 'page of a'));
  });

  it('is counted anew when a person speaks', async () => {
    const { tools } = process();
    const checkpointer = new MemorySaver();
    for (const id of ['1', '2', '3']) {
      const { messages } = await toolGraph(repeated(3, Number(id) * 10), { tools, checkpointer }).invoke(
        { messages: [new HumanMessage({ id, content: 'And now?' })] },
        thread,
      );
      expect(toolTexts(messages).filter((text) => text.startsWith('!'))).toEqual([]);
    }
  });

  it('is refused in a tool whose results are pairs, and in one that is a runnable', async () => {
    const pair = tool(({ query }) => [query, { rank: 1 }], {
      name: 'pair',
      description: 'p',
      schema,
      responseFormat: 'content_and_artifact',
    });
    const runnable = tool(({ query }) => query, { name: 'inner', description: 'r', schema }).asTool({
      name: 'runnable',
      schema,
    });
    const tools = cacheTools([pair, runnable], { cache: createToolCache(), loop: { maxToolRepeats: 1 } });
    for (const name of ['pair', 'runnable']) {
      const steps = ['1', '2'].map((id) => [call('a', `${name}_${id}`, name)]);
      const { messages } = await toolGraph(steps, { tools }).invoke(input, { configurable: { thread_id: name } });
      expect(toolTexts(messages).map((text) => text.slice(0, 30))).toEqual([
        'a',
        '!Loop detected: ' + `${name} was called 2 times`.slice(0, 14),
      ]);
    }
  });
});

describe('a graph that goes on in another process', () => {
  it.each([1, 2, 3])('goes on counting after %s steps', async (steps) => {
    const checkpointer = new MemorySaver();
    const before = toolGraph(repeated(9), { tools: process().tools, checkpointer });
    await before.invoke(input, { ...thread, interruptBefore: ['tools'] });
    for (let step = 1; step <= steps; step += 1) await before.invoke(null, { ...thread, interruptBefore: ['tools'] });
    const after = toolGraph(repeated(9, steps + 2), { tools: process().tools, checkpointer });
    const { messages } = await after.invoke(null, thread);
    const texts = toolTexts(messages);
    expect([texts.length, texts.findIndex((text) => text.startsWith('!'))]).toEqual([5, 3]);
  });

  it('counts a call by its parsed input, as it was counted when it was made', async () => {
    const checkpointer = new MemorySaver();
    const spelt = { name: 'search', args: { query: 'a', depth: 1 }, id: 'call_1' };
    const before = toolGraph([[spelt], ...repeated(1, 2)], { tools: process().tools, checkpointer });
    await before.invoke(input, { ...thread, interruptAfter: ['tools'] });
    await before.invoke(null, { ...thread, interruptAfter: ['tools'] });
    const { tools } = process({ loop: { maxToolRepeats: 2 } });
    const { messages } = await toolGraph(repeated(1, 3), { tools, checkpointer }).invoke(null, thread);
    expect(toolTexts(messages).at(-1)).toMatch(/^!Loop detected: search was called 3 times/);
  });

  it('goes on with the answers of a poll', async () => {
    const checkpointer = new MemorySaver();
    const poll: ToolPolicy = { kind: 'other', loop: { poll: { maxUnchanged: 2 } } };
    const before = toolGraph(repeated(2), { tools: process({ tools: { search: poll } }).tools, checkpointer });
    await before.invoke(input, { ...thread, interruptAfter: ['tools'] });
    await before.invoke(null, { ...thread, interruptAfter: ['tools'] });
    const { tools } = process({ tools: { search: poll } });
    const { messages } = await toolGraph(repeated(1, 3), { tools, checkpointer }).invoke(null, thread);
    expect(toolTexts(messages).at(-1)).toMatch(/^!Loop detected: search was called 3 times/);
  });

  it('does not count what never was a call: input that does not fit, and tools that are not cached', async () => {
    const checkpointer = new MemorySaver();
    const bare = tool(() => 'bare', { name: 'bare', description: 'b', schema });
    const steps = [
      [{ name: 'search', args: { town: 'a' }, id: 'call_1' }],
      [call('a', 'call_2', 'bare')],
      ...repeated(1, 3),
    ];
    const first = process();
    const before = toolGraph(steps, { tools: [...first.tools, bare], checkpointer });
    for (const resume of [input, null, null]) await before.invoke(resume, { ...thread, interruptAfter: ['tools'] });
    const second = process();
    const after = toolGraph(repeated(1, 4), { tools: [...second.tools, bare], checkpointer });
    await after.invoke(null, thread);
    const total = (cache: ToolCache) => cache.openSession({ id: 'thread' }).toJSON().loop?.total;
    expect([total(first.cache), total(second.cache)]).toEqual([1, 2]);
  });
});

describe('a graph that goes back in time', () => {
  it('counts from the checkpoint that it goes on from', async () => {
    const checkpointer = new MemorySaver();
    const { tools } = process();
    const graph = toolGraph(repeated(3), { tools, checkpointer });
    await graph.invoke(input, thread);
    const early = [];
    for await (const state of graph.getStateHistory(thread)) {
      if (state.next[0] === 'agent' && toolTexts(state.values.messages).length === 1) early.push(state);
    }
    const fork = toolGraph(repeated(9, 20), { tools, checkpointer });
    const { messages } = await fork.invoke(null, early[0]!.config);
    const texts = toolTexts(messages);
    expect([texts.length, texts.findIndex((text) => text.startsWith('!'))]).toEqual([5, 3]);
  });

  it('counts a step that is run again once', async () => {
    const checkpointer = new MemorySaver();
    const { tools } = process();
    const graph = toolGraph(repeated(3), { tools, checkpointer });
    await graph.invoke(input, thread);
    for (let time = 0; time < 5; time += 1) {
      for await (const state of graph.getStateHistory(thread)) {
        if (state.next[0] !== 'tools' || toolTexts(state.values.messages).length !== 2) continue;
        const { messages } = await toolGraph([], { tools, checkpointer }).invoke(null, state.config);
        expect(toolTexts(messages)).toEqual(Array.from({ length: 3 }, () => 'page of a'));
        break;
      }
    }
  });
});

it('counts a call that goes on after an interrupt once', async () => {
  const { tools, cache } = process();
  const graph = toolGraph([[call('a', 'call_1', 'book')]], { tools, checkpointer: new MemorySaver() });
  await graph.invoke(input, thread);
  const { messages } = await graph.invoke(new Command({ resume: 'yes' }), thread);
  expect(toolTexts(messages)).toEqual(['booked a: yes']);
  expect(cache.openSession({ id: 'thread' }).toJSON().loop).toMatchObject({ total: 1, calls: [{ count: 1 }] });
});

it('knows in the process what was trimmed from the messages', async () => {
  const { tools } = process();
  const checkpointer = new MemorySaver();
  const graph = toolGraph(repeated(5), { tools, checkpointer });
  await graph.invoke(input, { ...thread, interruptAfter: ['tools'] });
  for (let step = 0; step < 2; step += 1) {
    const { messages } = await graph.invoke(null, { ...thread, interruptAfter: ['tools'] });
    const old = messages.slice(1, -2).map(({ id }) => new RemoveMessage({ id: id! }));
    await graph.updateState(thread, { messages: old }, 'tools');
  }
  const { messages } = await graph.invoke(null, thread);
  expect(toolTexts(messages).slice(0, 2)).toEqual([
    'page of a',
    expect.stringMatching(/^!Loop detected: search was called 4 times/),
  ]);
});

it.each([1, 500] as const)('keeps %s sessions open, and no more', async (maxSessions) => {
  const { tools, runs } = process({ maxSessions, tools: { search: { kind: 'read' } } });
  for (const id of ['1', '2', '1'])
    await toolGraph(repeated(1), { tools }).invoke(input, { configurable: { thread_id: id } });
  expect(runs).toHaveLength(maxSessions === 1 ? 3 : 2);
});

describe('createReactAgent', () => {
  it.each(['v1', 'v2'] as const)('caches, and stops loops, in its form %s', async (version) => {
    const { tools, runs } = process();
    const agent = createReactAgent({ llm: askingModel(repeated(6)), tools: tools as any, version });
    const { messages } = await agent.invoke(input, thread);
    const texts = toolTexts(messages);
    expect([texts.length, texts.findIndex((text) => text.startsWith('!')), runs.length]).toEqual([6, 3, 1]);
    expect(messages.at(-1)?.text).toBe('Done.');
  });

  it.each(['v1', 'v2'] as const)('goes on counting in another process, in its form %s', async (version) => {
    const checkpointer = new MemorySaver();
    const agent = (from: number, count: number) =>
      createReactAgent({
        llm: askingModel(repeated(count, from)),
        tools: process().tools as any,
        checkpointer,
        version,
      });
    const config = { ...thread, interruptBefore: ['tools' as const] };
    const before = agent(1, 3);
    for (const resume of [input, null, null]) await before.invoke(resume as any, config);
    const { messages } = await agent(4, 2).invoke(null, thread);
    expect(toolTexts(messages).map((text) => text.startsWith('!'))).toEqual([false, false, false, true, true]);
  });

  it('fails with the error of a loop, where its node of tools lets errors pass', async () => {
    const { tools } = process({ loop: { maxToolRepeats: 3, onLoop: 'raise' } });
    const node = new ToolNode([...tools] as any[], { handleToolErrors: false });
    const agent = createReactAgent({ llm: askingModel(repeated(9)), tools: node });
    await expect(agent.invoke(input, thread)).rejects.toThrow(LOOP);
  });
});
