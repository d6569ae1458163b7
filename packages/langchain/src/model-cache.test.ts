import { createCache, memoryStore } from '@keepstep/core';
import { faultyStore, manualClock } from '@keepstep/core/testing';
import { AIMessage } from '@langchain/core/messages';
import type { ChatGeneration, Generation } from '@langchain/core/outputs';
import { fakeModel } from '@langchain/core/testing';
import { FakeLLM, FakeListChatModel } from '@langchain/core/utils/testing';
import { describe, expect, it } from 'vitest';

import { KeepstepModelCache, type ModelCacheOptions } from './model-cache.ts';

const create = (options: Partial<ModelCacheOptions> = {}): KeepstepModelCache =>
  new KeepstepModelCache({ cache: createCache(), ...options });

const answer = (fields: object = {}): ChatGeneration => {
  const message = new AIMessage({
    id: 'msg_1',
    content: [{ type: 'text', text: 'I look.' }],
    tool_calls: [{ name: 'look', args: { id: 'a' }, id: 'call_1', type: 'tool_call' }],
    invalid_tool_calls: [{ name: 'look', args: '{', id: 'call_2', error: 'no JSON', type: 'invalid_tool_call' }],
    usage_metadata: { input_tokens: 7, output_tokens: 5, total_tokens: 12 },
    response_metadata: { finish_reason: 'tool_calls', model_name: 'm' },
    additional_kwargs: { reasoning: 'hm' },
    ...fields,
  } as object);
  return { text: 'I look.', message, generationInfo: { finish_reason: 'tool_calls', logprobs: [0.5] } };
};

const lookup = (cache: KeepstepModelCache, prompt = 'Well?', key = 'model'): Promise<any> => cache.lookup(prompt, key);

describe('KeepstepModelCache', () => {
  it('keeps all of an answer but its id: text, tool calls, usage, generation info', async () => {
    const cache = create();
    expect(await lookup(cache)).toBeNull();
    await cache.update('Well?', 'model', [answer()]);
    const [{ message, ...rest }] = await lookup(cache);
    const { message: original, ...expected } = answer();
    expect(rest).toStrictEqual(expected);
    expect(message).toBeInstanceOf(AIMessage);
    expect(message.id).toBeUndefined();
    for (const field of [
      'content',
      'tool_calls',
      'invalid_tool_calls',
      'usage_metadata',
      'response_metadata',
    ] as const) {
      expect(message[field]).toStrictEqual(original[field as 'content']);
    }
    expect(message.additional_kwargs).toStrictEqual({ reasoning: 'hm' });
  });

  it('keeps several answers in order, and plain ones of LLMs', async () => {
    const cache = create();
    const plain: Generation[] = [{ text: 'one' }, { text: 'two', generationInfo: { done: true } }];
    await cache.update('Well?', 'model', plain);
    expect(await lookup(cache)).toStrictEqual(plain);
  });

  it('hands out new objects for every hit', async () => {
    const cache = create();
    await cache.update('Well?', 'model', [answer()]);
    const first = await lookup(cache);
    first[0].generationInfo.logprobs.push(1);
    first[0].message.tool_calls[0].args.id = 'b';
    first[0].message.usage_metadata.input_tokens = 0;
    const [second] = await lookup(cache);
    expect(second.generationInfo).toEqual({ finish_reason: 'tool_calls', logprobs: [0.5] });
    expect(second.message.tool_calls[0].args).toEqual({ id: 'a' });
    expect(second.message.usage_metadata.input_tokens).toBe(7);
  });

  it('keeps prompts, models and their settings apart', async () => {
    const cache = create();
    await cache.update('a_b', 'c', [{ text: 'one' }]);
    for (const [prompt, key] of [
      ['a', 'b_c'],
      ['a_b_c', ''],
      ['a_b', 'd'],
      ['a', 'c'],
    ] as const) {
      expect(await lookup(cache, prompt, key)).toBeNull();
    }
  });

  it.each(['length', 'max_tokens', 'content_filter', 'MAX_TOKENS', 'SAFETY', 'error', 'incomplete'])(
    'does not keep an answer that was cut off: %s',
    async (reason) => {
      const cache = create();
      await cache.update('by generation', 'model', [{ text: 'It is su', generationInfo: { finish_reason: reason } }]);
      const message = new AIMessage({ content: 'It is su', response_metadata: { stop_reason: reason } });
      await cache.update('by message', 'model', [{ text: 'It is su', message } as ChatGeneration]);
      expect([await lookup(cache, 'by generation'), await lookup(cache, 'by message')]).toEqual([null, null]);
    },
  );

  it.each(['stop', 'tool_calls', 'end_turn', 'tool_use', 'STOP', 'completed'])(
    'keeps one that ends with %s',
    async (reason) => {
      const cache = create();
      await cache.update('Well?', 'model', [{ text: 'Yes.', generationInfo: { finish_reason: reason } }]);
      expect(await lookup(cache)).toHaveLength(1);
    },
  );

  it('keeps an answer for its ttl', async () => {
    const clock = manualClock();
    const cache = create({ cache: createCache({ clock }), ttl: '1h' });
    await cache.update('Well?', 'model', [answer()]);
    await clock.advance(3_599_999);
    expect(await lookup(cache)).toHaveLength(1);
    await clock.advance(1);
    expect(await lookup(cache)).toBeNull();
  });

  it('lets an answer be that cannot be kept', async () => {
    const cache = create();
    await cache.update('Well?', 'model', [answer({ additional_kwargs: { socket: new AbortController() } })]);
    expect(await lookup(cache)).toBeNull();
  });

  it.each(['throw', 'reject'] as const)('never fails while the store does: %s', async (kind) => {
    const store = faultyStore(memoryStore());
    const cache = create({ cache: createCache({ store }) });
    const fault = store.inject({ kind });
    await cache.update('Well?', 'model', [answer()]);
    expect(await lookup(cache)).toBeNull();
    expect(fault.hits).toBeGreaterThan(0);
    store.heal();
  });

  it('never fails, even if its cache does', async () => {
    const failing = (): never => {
      throw new Error('out of order');
    };
    const cache = create({ cache: { ...createCache(), get: failing, set: failing } });
    await cache.update('Well?', 'model', [answer()]);
    expect(await lookup(cache)).toBeNull();
  });

  it('refuses options that are not allowed, by name', () => {
    expect(() => create({ cache: {} as never })).toThrow('Invalid option "cache"');
    expect(() => create({ media: 'ask' as never })).toThrow('Invalid option "media"');
    expect(() => create({ tll: '1h' } as never)).toThrow('Invalid option "tll"');
  });
});

describe('a model with the cache', () => {
  it('is asked once for the same, and again for something else', async () => {
    const model = new FakeListChatModel({ responses: ['one', 'two', 'three'], cache: create() });
    const texts = [];
    for (const prompt of ['a', 'a', 'b', 'a']) texts.push((await model.invoke(prompt)).text);
    expect(texts).toEqual(['one', 'one', 'two', 'one']);
  });

  it('is asked again with other options', async () => {
    const model = fakeModel().respond(new AIMessage('one')).respond(new AIMessage('two'));
    model.cache = create();
    const ask = async (options?: object) => (await model.invoke('a', options)).text;
    expect([await ask(), await ask({ stop: ['.'] }), await ask(), await ask({ stop: ['.'] })]).toEqual([
      'one',
      'two',
      'one',
      'two',
    ]);
    expect(model.callCount).toBe(2);
  });

  it('may be an LLM', async () => {
    const model = new FakeLLM({ response: 'one', cache: create() });
    expect([await model.invoke('a'), await model.invoke('a')]).toEqual(['one', 'one']);
  });
});
