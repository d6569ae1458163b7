import type { ModelMessage } from '@keepstep/core/testing';
import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { expect, it } from 'vitest';

import type { ChatModel } from '../models/chat-model.ts';
import { languageModel } from './language-model.ts';

/** Is a model that asks for an item and then answers; it notes what it was asked. */
function given() {
  const asked: { messages: readonly ModelMessage[]; options: unknown }[] = [];
  const model: ChatModel = {
    async next(messages, options) {
      asked.push({ messages, options });
      if (messages.some(({ role }) => role === 'tool')) return { text: 'Twelve.', toolCalls: [] };
      return {
        text: 'I look.',
        toolCalls: [{ toolCallId: 'call_1', toolName: 'check_stock', input: { sku: 'SKU-42' } }],
      };
    },
  };
  return { asked, model: languageModel(model) };
}

const schema = { type: 'object', properties: { sku: { type: 'string' } }, required: ['sku'] } as const;
const check = tool(() => '12', { name: 'check_stock', description: 'Returns the stock.', schema });

it('sees the conversation as every model of the samples does', async () => {
  const { asked, model } = given();
  const call = { name: 'check_stock', args: { sku: 'SKU-42' }, id: 'call_1' };
  await model.invoke([
    new SystemMessage('You are brief.'),
    new HumanMessage('How many are left?'),
    new AIMessage({ content: 'I look.', tool_calls: [call] }),
    new ToolMessage({ content: 'no connection', tool_call_id: 'call_1', name: 'check_stock', status: 'error' }),
  ]);
  expect(asked[0]?.messages).toEqual([
    { role: 'system', content: 'You are brief.' },
    { role: 'user', content: 'How many are left?' },
    {
      role: 'assistant',
      content: 'I look.',
      toolCalls: [{ toolCallId: 'call_1', toolName: 'check_stock', input: { sku: 'SKU-42' } }],
    },
    { role: 'tool', toolCallId: 'call_1', toolName: 'check_stock', content: 'no connection', failed: true },
  ]);
});

it('knows the tools that it is bound to, and asks for them', async () => {
  const { asked, model } = given();
  const reply = await model.bindTools?.([check]).invoke('How many are left?');
  expect(asked[0]?.options).toMatchObject({
    tools: [{ name: 'check_stock', description: 'Returns the stock.', parameters: schema }],
  });
  expect(reply).toMatchObject({
    content: 'I look.',
    tool_calls: [{ id: 'call_1', name: 'check_stock', args: { sku: 'SKU-42' } }],
  });
});

it('knows no tools where it is bound to none', async () => {
  const { asked, model } = given();
  expect((await model.invoke('How many are left?')).text).toBe('I look.');
  expect(asked[0]?.options).toEqual({ tools: [] });
});

it('has to answer where it must not call tools', async () => {
  const { asked, model } = given();
  await model.bindTools?.([check], { tool_choice: 'none' }).invoke('How many are left?');
  expect(asked[0]?.options).toMatchObject({ tools: [{ name: 'check_stock' }], mayCallTools: false });
});
