import type { ModelMessage } from '@keepstep/core/testing';
import { expect, it } from 'vitest';

import { anthropicModel } from './anthropic-model.ts';
import { startProvider } from '../testing/provider-double.ts';

const tools = [{ name: 'check_stock', description: 'Returns the stock.', parameters: { type: 'object' } }];
const messages: ModelMessage[] = [
  { role: 'system', content: 'You are brief.' },
  { role: 'user', content: 'How many mice and sleeves are left?' },
  {
    role: 'assistant',
    content: 'I look them up.',
    toolCalls: [
      { toolCallId: 'toolu_a', toolName: 'check_stock', input: { sku: 'SKU-42' } },
      { toolCallId: 'toolu_b', toolName: 'check_stock', input: { sku: 'SKU-78' } },
    ],
  },
  { role: 'tool', toolCallId: 'toolu_a', toolName: 'check_stock', content: '{"quantity":12}' },
  { role: 'tool', toolCallId: 'toolu_b', toolName: 'check_stock', content: 'There is no SKU-78.', failed: true },
];

it('sends the conversation in turns, with all results in one, and reads the answer', async () => {
  await using provider = await startProvider(() => ({ body: { content: [{ type: 'text', text: 'Twelve mice.' }] } }));
  const model = anthropicModel({ baseUrl: provider.url, apiKey: 'sk-ant-test', model: 'claude-test' });

  expect(await model.next(messages, { tools })).toEqual({ text: 'Twelve mice.', toolCalls: [] });
  expect(provider.requests).toHaveLength(1);
  const [request] = provider.requests;
  expect(request?.path).toBe('/v1/messages');
  expect(request?.headers).toMatchObject({ 'x-api-key': 'sk-ant-test', 'anthropic-version': '2023-06-01' });
  expect(request?.body).toEqual({
    model: 'claude-test',
    max_tokens: 2048,
    system: 'You are brief.',
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'How many mice and sleeves are left?' }] },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'I look them up.' },
          { type: 'tool_use', id: 'toolu_a', name: 'check_stock', input: { sku: 'SKU-42' } },
          { type: 'tool_use', id: 'toolu_b', name: 'check_stock', input: { sku: 'SKU-78' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'toolu_a', content: '{"quantity":12}', is_error: false },
          { type: 'tool_result', tool_use_id: 'toolu_b', content: 'There is no SKU-78.', is_error: true },
        ],
      },
    ],
    tools: [{ name: 'check_stock', description: 'Returns the stock.', input_schema: { type: 'object' } }],
    tool_choice: { type: 'auto' },
  });
});

it('reads the calls that the model asks for', async () => {
  const content = [
    { type: 'text', text: 'Let me see.' },
    { type: 'tool_use', id: 'toolu_c', name: 'check_stock', input: { sku: 'SKU-77' } },
  ];
  await using provider = await startProvider(() => ({ body: { content } }));
  const model = anthropicModel({ baseUrl: provider.url, apiKey: 'sk-ant-test', model: 'claude-test' });
  expect(await model.next(messages, { tools })).toEqual({
    text: 'Let me see.',
    toolCalls: [{ toolCallId: 'toolu_c', toolName: 'check_stock', input: { sku: 'SKU-77' } }],
  });
});

it('forbids tool calls where an answer is wanted', async () => {
  await using provider = await startProvider(() => ({ body: { content: [] } }));
  const model = anthropicModel({ baseUrl: provider.url, apiKey: 'sk-ant-test', model: 'claude-test' });
  await model.next(messages, { tools, mayCallTools: false });
  expect(provider.requests[0]?.body).toMatchObject({ tool_choice: { type: 'none' } });
});

it('says what the provider said when it refuses', async () => {
  await using provider = await startProvider(() => ({ status: 529, body: { error: { type: 'overloaded_error' } } }));
  const model = anthropicModel({ baseUrl: provider.url, apiKey: 'sk-ant-test', model: 'claude-test' });
  await expect(model.next(messages, { tools })).rejects.toThrow(/answered 529: .*overloaded_error/);
});
