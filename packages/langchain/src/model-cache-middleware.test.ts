import { createToolCache } from '@keepstep/core';
import { AIMessage, HumanMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import { fakeModel } from '@langchain/core/testing';
import { FakeListChatModel } from '@langchain/core/utils/testing';
import { tool } from '@langchain/core/tools';
import { createAgent } from 'langchain';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { modelCacheMiddleware, type ModelCacheMiddlewareOptions } from './model-cache-middleware.ts';

const schema = z.object({ id: z.string() });
const look = tool(({ id }) => `cart ${id}`, { name: 'look', description: 'reads', schema });

function given(options: Partial<ModelCacheMiddlewareOptions> = {}) {
  const cache = options.cache ?? createToolCache();
  const middleware = [modelCacheMiddleware({ scope: 'global', ...options, cache })];
  const model = fakeModel();
  for (const word of ['one', 'two', 'three', 'four', 'five'])
    model.respond(new AIMessage({ content: word, id: 'msg' }));
  const ask = async (content: any, params: object = {}, config: object = {}) => {
    const agent = createAgent({ model, middleware, ...params } as any);
    const { messages } = await agent.invoke({ messages: [new HumanMessage({ content })] } as any, config);
    return (messages as BaseMessage[]).at(-1)?.text;
  };
  return { cache, model, middleware, ask };
}

describe('modelCacheMiddleware', () => {
  it('asks the model once for the same', async () => {
    const { ask, model, cache } = given();
    expect([await ask('a'), await ask('a'), await ask('b')]).toEqual(['one', 'one', 'two']);
    expect(model.callCount).toBe(2);
    expect(cache.metrics().tools['langchain.model']).toMatchObject({ hits: 1, misses: 2 });
  });

  it('tells images apart', async () => {
    const image = (url: string) => [{ type: 'image_url', image_url: { url } }];
    const { ask } = given();
    expect([await ask(image('data:a')), await ask(image('data:b')), await ask(image('data:a'))]).toEqual([
      'one',
      'two',
      'one',
    ]);
  });

  it('tells prompts, tools and settings apart', async () => {
    const { ask } = given();
    const other = tool(({ id }) => id, { name: 'look', description: 'reads otherwise', schema });
    const all = [{}, { systemPrompt: 'Be brief.' }, { tools: [look] }, { tools: [other] }];
    const first = [];
    for (const params of all) first.push(await ask('a', params));
    expect(first).toEqual(['one', 'two', 'three', 'four']);
    const second = [];
    for (const params of all) second.push(await ask('a', params));
    expect(second).toEqual(first);
  });

  it('tells apart what one text can stand for: a message that quotes another, and two messages', async () => {
    const { middleware, model } = given();
    const agent = createAgent({ model, middleware });
    const ask = async (messages: BaseMessage[]) => (await agent.invoke({ messages })).messages.at(-1)?.text;
    const call = { name: 'look', args: {}, id: 'call_1' };
    const answered = (id: string) => [
      new HumanMessage('a'),
      new AIMessage({ content: '', tool_calls: [{ ...call, id }] }),
      new ToolMessage({ content: 'b', tool_call_id: id }),
    ];
    expect(await ask([new HumanMessage('a\nAI: b')])).toBe('one');
    expect(await ask([new HumanMessage('a'), new AIMessage('b')])).toBe('two');
    expect(await ask(answered('call_1'))).toBe('three');
    expect(await ask(answered('call_2'))).toBe('four');
    expect(model.callCount).toBe(4);
  });

  it('tells models apart, those that do not tell their settings by the very object', async () => {
    const { ask } = given();
    const models = [1, 2].map((number) => new FakeListChatModel({ responses: [`model ${number}`] }));
    const texts = [];
    for (const model of [...models, ...models]) texts.push(await ask('a', { model }));
    expect(texts).toEqual(['model 1', 'model 2', 'model 1', 'model 2']);
  });

  it('keeps a whole conversation with tools, and gives every message an id of its own', async () => {
    const { cache, middleware } = given();
    const talk = async () => {
      const model = fakeModel()
        .respondWithTools([{ name: 'look', args: { id: 'a' }, id: `call_${Math.random()}` }])
        .respond(new AIMessage('Done.'));
      const agent = createAgent({ model, tools: [look], middleware });
      // The same model to the cache: what differs is what a provider makes up.
      const named = Object.assign(model, { _identifyingParams: () => ({ model: 'fake' }), lc_serializable: true });
      named.toJSON = (() => 'fake') as never;
      return { model, ...(await agent.invoke({ messages: [new HumanMessage('Go on.')] })) };
    };
    const first = await talk();
    const second = await talk();
    expect([first.model.callCount, second.model.callCount]).toEqual([2, 0]);
    expect(second.messages.map(({ text }) => text)).toEqual(first.messages.map(({ text }) => text));
    expect(cache.metrics()).toMatchObject({ hits: 2, misses: 2 });
    const ids = [...first.messages, ...second.messages].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('keeps answers within the session, where none else is said', async () => {
    const { ask, cache } = given({ scope: 'session', session: ({ context }) => context?.session });
    const [one, other] = [cache.openSession(), cache.openSession()];
    const answers = [];
    for (const session of [one, other, one]) answers.push(await ask('a', {}, { context: { session } }));
    expect(answers).toEqual(['one', 'two', 'one']);
    expect([await ask('a'), await ask('a')]).toEqual(['three', 'four']);
  });

  it('drops answers when the data behind them changes', async () => {
    const { ask, cache } = given({ resource: 'prices' });
    expect([await ask('a'), await ask('a')]).toEqual(['one', 'one']);
    await cache.invalidate('prices');
    expect(await ask('a')).toBe('two');
  });

  it('does not keep an answer that was cut off', async () => {
    const { middleware } = given();
    const model = fakeModel()
      .respond(new AIMessage({ content: 'It is su', response_metadata: { finish_reason: 'length' } }))
      .respond(new AIMessage('It is sunny.'));
    const agent = createAgent({ model, middleware });
    const ask = async () => (await agent.invoke({ messages: [new HumanMessage('a')] })).messages.at(-1)?.text;
    expect([await ask(), await ask(), await ask()]).toEqual(['It is su', 'It is sunny.', 'It is sunny.']);
  });

  it('asks for a structured response every time', async () => {
    const { middleware, cache } = given();
    const model = fakeModel().structuredResponse({ city: 'Sofia' });
    for (let call = 0; call < 2; call += 1) {
      model.respondWithTools([{ name: 'extract-1', args: { city: 'Sofia' }, id: `call_${call}` }]);
    }
    const agent = createAgent({ model, middleware, responseFormat: z.object({ city: z.string() }) });
    for (let call = 0; call < 2; call += 1) {
      const outcome = agent.invoke({ messages: [new HumanMessage('a')] });
      await outcome.catch(() => undefined);
    }
    expect(model.callCount).toBe(2);
    expect(cache.metrics()).toMatchObject({ hits: 0, misses: 0 });
  });

  it('fails with the error of the model, and asks again', async () => {
    const { middleware } = given();
    const model = fakeModel().respond(new TypeError('overloaded')).respond(new AIMessage('one'));
    const agent = createAgent({ model, middleware });
    const ask = async () => (await agent.invoke({ messages: [new HumanMessage('a')] })).messages.at(-1)?.text;
    await expect(ask()).rejects.toThrow('overloaded');
    expect(await ask()).toBe('one');
  });

  it('refuses options that are not allowed, by name', () => {
    expect(() => given({ tll: '1h' } as never)).toThrow('Invalid option "tll"');
    expect(() => given({ ttl: 'soon' as never })).toThrow('Invalid option "ttl"');
    expect(() => given({ cache: {} as never })).toThrow('Invalid option "cache"');
  });

  it('answers a run when another one, whose question it had joined, is stopped', async () => {
    const { middleware } = given();
    const { promise: asked, resolve: onAsked } = Promise.withResolvers<void>();
    const stop = new AbortController();
    let questions = 0;
    const handler = (signal?: AbortSignal) => async () => {
      questions += 1;
      if (signal === undefined) return new AIMessage('whole');
      onAsked();
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    };
    const wrap = (middleware[0] as any).wrapModelCall as (request: object, handler: unknown) => Promise<AIMessage>;
    const model = new FakeListChatModel({ responses: [''] });
    const request = (signal?: AbortSignal) => ({ model, messages: [new HumanMessage('a')], runtime: { signal } });
    const first = wrap(request(stop.signal), handler(stop.signal));
    await asked;
    const second = wrap(request(), handler());
    await new Promise((resolve) => setImmediate(resolve));
    stop.abort(new Error('The user has left.'));
    await expect(first).rejects.toThrow('The user has left.');
    expect((await second).text).toBe('whole');
    expect(questions).toBe(2);
  });

  it.each([
    ['some settings', ['model'], ''],
    ['any setting', 'any', ''],
    ['settings with a prefix', ['model'], 'my_'],
  ])('tells apart what a configuration chooses of %s', async (_, _configurableFields, _configPrefix) => {
    const { middleware } = given();
    const wrap = (middleware[0] as any).wrapModelCall as (request: object, handler: unknown) => Promise<AIMessage>;
    const model = { _configurableFields, _configPrefix };
    const words = ['one', 'two'];
    const ask = async (name: string) => {
      const configurable = { [`${_configPrefix}model`]: name, __pregel_read: () => undefined };
      const request = { model, messages: [new HumanMessage('a')], runtime: { configurable } };
      return (await wrap(request, async () => new AIMessage(words.shift()!))).text;
    };
    expect([await ask('small'), await ask('large'), await ask('small')]).toEqual(['one', 'two', 'one']);
  });
});
