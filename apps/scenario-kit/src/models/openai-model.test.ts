import type { ModelMessage } from '@keepstep/core/testing';
import { expect, it } from 'vitest';

import { openAiModel } from './openai-model.ts';
import { startProvider } from '../testing/provider-double.ts';

const tools = [{ name: 'check_stock', description: 'Returns the stock.', parameters: { type: 'object' } }];
const messages: ModelMessage[] = [
  { role: 'system', content: 'You are brief.' },
  { role: 'user', content: 'How many mice are left?' },
  {
    role: 'assistant',
    content: '',
    toolCalls: [{ toolCallId: 'call_a', toolName: 'check_stock', input: { sku: 'SKU-42' } }],
  },
  { role: 'tool', toolCallId: 'call_a', toolName: 'check_stock', content: '{"quantity":12}' },
];
const completion = (message: object) => () => ({ body: { choices: [{ message }] } });

it('sends the conversation and the tools, and reads the answer', async () => {
  await using provider = await startProvider(completion({ role: 'assistant', content: 'Twelve.' }));
  const model = openAiModel({ baseUrl: `${provider.url}/v1`, apiKey: 'sk-test', model: 'gpt-test' });

  expect(await model.next(messages, { tools })).toEqual({ text: 'Twelve.', toolCalls: [] });
  expect(provider.requests).toHaveLength(1);
  const [request] = provider.requests;
  expect(request).toMatchObject({ path: '/v1/chat/completions', headers: { authorization: 'Bearer sk-test' } });
  expect(request?.body).toEqual({
    model: 'gpt-test',
    messages: [
      { role: 'system', content: 'You are brief.' },
      { role: 'user', content: 'How many mice are left?' },
      {
        role: 'assistant',
        content: '',
        tool_calls: [
          { id: 'call_a', type: 'function', function: { name: 'check_stock', arguments: '{"sku":"SKU-42"}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'call_a', content: '{"quantity":12}' },
    ],
    tools: [
      {
        type: 'function',
        function: { name: 'check_stock', description: 'Returns the stock.', parameters: { type: 'object' } },
      },
    ],
    tool_choice: 'auto',
  });
});

it('reads the calls that the model asks for', async () => {
  const call = { id: 'call_b', type: 'function', function: { name: 'check_stock', arguments: '{"sku":"SKU-77"}' } };
  await using provider = await startProvider(completion({ role: 'assistant', content: null, tool_calls: [call] }));
  const model = openAiModel({ baseUrl: provider.url, model: 'qwen-test' });

  expect(await model.next(messages, { tools })).toEqual({
    text: '',
    toolCalls: [{ toolCallId: 'call_b', toolName: 'check_stock', input: { sku: 'SKU-77' } }],
  });
  expect(provider.requests[0]?.headers).not.toHaveProperty('authorization');
});

it('hands on arguments that are no JSON as they are, for the tool to refuse', async () => {
  const call = { id: 'call_b', type: 'function', function: { name: 'check_stock', arguments: '{"sku":' } };
  await using provider = await startProvider(completion({ role: 'assistant', content: null, tool_calls: [call] }));
  const model = openAiModel({ baseUrl: provider.url, model: 'qwen-test' });
  expect((await model.next(messages, { tools })).toolCalls[0]?.input).toBe('{"sku":');
});

it('forbids tool calls where an answer is wanted', async () => {
  await using provider = await startProvider(completion({ role: 'assistant', content: 'Twelve.' }));
  const model = openAiModel({ baseUrl: provider.url, model: 'gpt-test' });
  await model.next(messages, { tools, mayCallTools: false });
  expect(provider.requests[0]?.body).toMatchObject({ tool_choice: 'none' });
});

it('says what the provider said when it refuses', async () => {
  await using provider = await startProvider(() => ({
    status: 401,
    body: { error: { message: 'Incorrect API key' } },
  }));
  const model = openAiModel({ baseUrl: provider.url, apiKey: 'sk-wrong', model: 'gpt-test' });
  await expect(model.next(messages, { tools })).rejects.toThrow(/answered 401: .*Incorrect API key/);
});

it('says so when nobody is there', async () => {
  const provider = await startProvider(completion({ content: 'Twelve.' }));
  await provider[Symbol.asyncDispose]();
  const model = openAiModel({ baseUrl: provider.url, model: 'gpt-test' });
  await expect(model.next(messages, { tools })).rejects.toThrow(/does not answer/);
});
