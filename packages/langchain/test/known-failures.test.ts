import { createCache, createToolCache, memoryStore, type ToolPolicy } from '@keepstep/core';
import { faultyStore } from '@keepstep/core/testing';
import { BaseCallbackHandler } from '@langchain/core/callbacks/base';
import { awaitAllCallbacks } from '@langchain/core/callbacks/promises';
import { BaseCache, InMemoryCache } from '@langchain/core/caches';
import { AIMessage, HumanMessage, ToolMessage } from '@langchain/core/messages';
import { RunnableLambda } from '@langchain/core/runnables';
import { RunCollectorCallbackHandler } from '@langchain/core/tracers/run_collector';
import { FakeListChatModel } from '@langchain/core/utils/testing';
import { tool } from '@langchain/core/tools';
import { Command, messagesStateReducer } from '@langchain/langgraph';
import { createMiddleware } from 'langchain';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { cacheTool, keepstepMiddleware, KeepstepModelCache } from '../src/index.ts';
import { runAgent, toolAnswers } from './agent-run.ts';

const schema = z.object({ id: z.string(), depth: z.number().default(1) });
const READ: ToolPolicy = { kind: 'read', scope: 'global' };
const look = { name: 'look', args: { id: 'a' } };
const fields = { name: 'look', description: 'reads', schema };

// What goes wrong with LangChain without care: first that it does, then that it does not here.
describe('an agent with middleware around its tool calls', () => {
  const broken = tool(() => {
    throw new Error('the shelf is locked');
  }, fields);
  const passing = createMiddleware({ name: 'Passing', wrapToolCall: (request, handler) => handler(request) });

  it('dies of the error of a tool, even if the middleware does nothing', async () => {
    await expect(runAgent([[look]], { tools: [broken], middleware: [passing] })).rejects.toThrow('the shelf is locked');
  });

  it('tells the model with ours, as an agent without middleware does', async () => {
    const cache = createToolCache();
    const plain = toolAnswers(await runAgent([[look]], { tools: [broken] }));
    for (const policy of [READ, { kind: 'write', invalidates: 'shelf' }, { kind: 'other' }] as ToolPolicy[]) {
      const middleware = [keepstepMiddleware({ cache, tools: { look: policy } })];
      const answers = toolAnswers(await runAgent([[look]], { tools: [broken], middleware }));
      expect(answers.map(({ content }) => content)).toEqual(plain.map(({ content }) => content));
      expect(answers.map(({ status }) => status)).toEqual(['error']);
    }
  });

  it('never runs a tool to those who watch when the middleware answers by itself; with ours, a hit is a run', async () => {
    const working = tool(({ id }) => `cart ${id}`, fields);
    const first = new Map<string, ToolMessage>();
    const replaying = createMiddleware({
      name: 'Replaying',
      wrapToolCall: async (request, handler) => {
        const message = first.get(request.toolCall.name) ?? ((await handler(request)) as ToolMessage);
        first.set(request.toolCall.name, message);
        return new ToolMessage({ content: message.content, tool_call_id: request.toolCall.id ?? '' });
      },
    });
    const seen = async (middleware: any) => {
      const watcher = new Watcher();
      await runAgent([[look], [look]], { tools: [working], middleware: [middleware] }, { callbacks: [watcher] });
      return watcher.ended;
    };
    expect(await seen(replaying)).toHaveLength(1);
    const ended = await seen(keepstepMiddleware({ cache: createToolCache(), tools: { look: READ } }));
    expect(ended).toEqual([
      { output: 'cart a', isHit: false, status: 'miss', tags: [] },
      { output: 'cart a', isHit: true, status: 'hit', tags: ['cache:hit'] },
    ]);
  });
});

describe('a tracer', () => {
  it('sees every call of a cached tool as a run of its own, and which of them were hits', async () => {
    const working = tool(({ id }) => `cart ${id}`, fields);
    const cached = cacheTool(working, { cache: createToolCache(), policy: READ });
    const collector = new RunCollectorCallbackHandler();
    const invoke = (id: string) => cached.invoke({ id }, { callbacks: [collector], tags: ['mine'] });
    await invoke('a');
    await Promise.all([invoke('a'), invoke('b')]);
    await awaitAllCallbacks();
    const seen = collector.tracedRuns.map(({ inputs, tags = [], extra }) => {
      const id: string = inputs['id'] ?? JSON.parse(inputs['input']).id;
      return `${id}: ${extra?.['metadata'].keepstep_status}, ${tags.join(' ')}`;
    });
    expect(seen.toSorted()).toEqual(['a: hit, mine cache:hit', 'a: miss, mine', 'b: miss, mine']);
  });
});

describe('a tool', () => {
  it('may return a command that carries the id of its call; joined calls have one each', async () => {
    let runs = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    const steer = tool(async (_, { toolCall }) => {
      runs += 1;
      await promise;
      return new Command({
        update: { messages: [new ToolMessage({ content: 'on', tool_call_id: toolCall?.id ?? '' })] },
      });
    }, fields);
    const cached = cacheTool(steer, { cache: createToolCache(), policy: READ });
    const call = (id: string) => cached.invoke({ type: 'tool_call', id, ...look });
    const both = Promise.all([call('one'), call('two')]);
    await expect.poll(() => runs).toBe(1);
    resolve();
    const ids = ((await both) as any[]).map(({ update }) => update.messages[0].tool_call_id);
    expect(ids).toEqual(['one', 'two']);
  });

  it('may return a message of its own, which comes back with the id of the call, and is new every time', async () => {
    const make = (id: string): ToolMessage =>
      new ToolMessage({ content: 'note', artifact: { a: 1 }, name: 'look', id: 'msg_1', tool_call_id: id });
    const note = tool((_, { toolCall }) => make(toolCall?.id ?? ''), fields);
    const cached = cacheTool(note, { cache: createToolCache(), policy: READ });
    const [first, second] = [
      await cached.invoke({ type: 'tool_call', id: 'one', ...look }),
      await cached.invoke({ type: 'tool_call', id: 'two', ...look }),
    ];
    expect([first.tool_call_id, second.tool_call_id]).toEqual(['one', 'two']);
    expect(second.id).not.toBe('msg_1');
    expect([second.content, second.artifact, second.name]).toEqual(['note', { a: 1 }, 'look']);
    // The same id twice, and a state keeps one of the two.
    expect(messagesStateReducer([make('one')], [make('two')])).toHaveLength(1);
    expect(messagesStateReducer([first], [second])).toHaveLength(2);
  });

  it('may be a runnable, which is no structured tool', async () => {
    let runs = 0;
    const runnable = RunnableLambda.from(({ id }: { id: string }) => `cart ${id}, run ${(runs += 1)}`);
    const cached = cacheTool(runnable.asTool({ name: 'look', description: 'reads', schema: schema as any }), {
      cache: createToolCache(),
      policy: READ,
    });
    const watcher = new Watcher();
    const invoke = () => cached.invoke({ id: 'a', depth: 1 } as never, { callbacks: [watcher] });
    expect([await invoke(), await invoke(), runs]).toEqual(['cart a, run 1', 'cart a, run 1', 1]);
    expect(watcher.chainTags.at(-1)).toEqual(['cache:hit']);
  });
});

describe('a model with a cache', () => {
  const model = (cache: BaseCache, responses = ['one', 'two', 'three']): FakeListChatModel =>
    new FakeListChatModel({ responses, cache });
  const image = (url: string) => [new HumanMessage({ content: [{ type: 'image_url', image_url: { url } }] })];

  it('takes one image for another; with ours, the model is asked', async () => {
    const asked = async (cache: BaseCache) => {
      const chat = model(cache);
      return [(await chat.invoke(image('data:a'))).text, (await chat.invoke(image('data:b'))).text];
    };
    expect(await asked(new InMemoryCache())).toEqual(['one', 'one']);
    expect(await asked(new KeepstepModelCache({ cache: createCache() }))).toEqual(['one', 'two']);
    expect(await asked(new KeepstepModelCache({ cache: createCache(), media: 'collide' }))).toEqual(['one', 'one']);
  });

  it.each([
    'image',
    'input_audio',
    'video',
    'file',
    'text-plain',
    'document',
    'media',
    'image_file',
    'container_upload',
    'web_search_tool_result',
    'resource',
    'inlineData',
  ])('takes one block of the type %s for another; with ours, the model is asked', async (type) => {
    const asked = async (cache: BaseCache) => {
      const chat = model(cache);
      const ask = (data: string) => chat.invoke([new HumanMessage({ content: [{ type, data }] })]);
      return [(await ask('a')).text, (await ask('b')).text];
    };
    expect(await asked(new InMemoryCache())).toEqual(['one', 'one']);
    expect(await asked(new KeepstepModelCache({ cache: createCache() }))).toEqual(['one', 'two']);
  });

  it('changes what it gets from the cache; with ours, nobody else sees it', async () => {
    const hits = async (cache: BaseCache) => {
      const chat = model(cache);
      await chat.invoke('Well?');
      const [first, second] = [await chat.invoke('Well?'), await chat.invoke('Well?')];
      return first === second;
    };
    expect(await hits(new InMemoryCache())).toBe(true);
    expect(await hits(new KeepstepModelCache({ cache: createCache() }))).toBe(false);
  });

  it('gives two answers one id, so that a state keeps one of them; with ours, it keeps both', async () => {
    const kept = async (cache: BaseCache) => {
      const message = new AIMessage({ id: 'msg_1', content: 'one' });
      await cache.update('Well?', 'key', [{ text: 'one', message } as never]);
      const ask = async () => ((await cache.lookup('Well?', 'key')) as any)[0].message as AIMessage;
      return messagesStateReducer([message], [await ask()]).length;
    };
    expect(await kept(new InMemoryCache())).toBe(1);
    expect(await kept(new KeepstepModelCache({ cache: createCache() }))).toBe(2);
  });

  it('fails with its cache; with ours, it never does', async () => {
    class DeadCache extends BaseCache {
      override lookup = (): Promise<null> => Promise.reject(new Error('no connection'));
      override update = (): Promise<void> => Promise.reject(new Error('no connection'));
    }
    await expect(model(new DeadCache()).invoke('Well?')).rejects.toThrow('no connection');
    const store = faultyStore(memoryStore());
    const chat = model(new KeepstepModelCache({ cache: createCache({ store }) }));
    store.inject({ kind: 'reject' });
    expect((await chat.invoke('Well?')).text).toBe('one');
    expect((await chat.invoke('Well?')).text).toBe('two');
    store.heal();
  });
});

/** Takes note of how the runs of tools end. */
class Watcher extends BaseCallbackHandler {
  readonly name = 'watcher';
  override awaitHandlers = true;
  readonly ended: object[] = [];
  readonly chainTags: unknown[] = [];
  readonly #runs = new Map<string, { tags: readonly string[]; metadata: any }>();

  override handleToolStart(...[, , id, , tags = [], metadata]: any[]): void {
    this.#runs.set(id, { tags, metadata });
  }

  override handleToolEnd(output: ToolMessage, id: string): void {
    const { tags = [], metadata } = this.#runs.get(id) ?? {};
    const own = tags.filter((tag) => tag.startsWith('cache:'));
    this.ended.push({ output: output.text, isHit: metadata.cache_hit, status: metadata.keepstep_status, tags: own });
  }

  override handleChainStart(...[, , , , tags]: any[]): void {
    this.chainTags.push(tags);
  }
}
