import type { ModelMessage } from '@keepstep/core/testing';
import { generateText, isStepCount, jsonSchema, streamText, tool } from 'ai';
import { describe, expect, it } from 'vitest';

import type { ChatModel } from '../models/chat-model.ts';
import { languageModel } from './language-model.ts';

const check = tool({
  description: 'Returns the stock.',
  inputSchema: jsonSchema<{ sku: string }>({ type: 'object', properties: { sku: { type: 'string' } } }),
  execute: async ({ sku }) => {
    if (sku !== 'SKU-42') throw new Error(`There is no ${sku}.`);
    return { quantity: 12 };
  },
});

/** Is a model that asks for two items and then answers; it notes what it was asked. */
function given() {
  const asked: { messages: readonly ModelMessage[]; options: unknown }[] = [];
  const model: ChatModel = {
    async next(messages, options) {
      asked.push({ messages, options });
      const isOver = !options.mayCallTools || messages.some(({ role }) => role === 'tool');
      if (isOver) return { text: 'Twelve, and none of the other.', toolCalls: [] };
      const call = (sku: string) => ({ toolCallId: `call_${sku}`, toolName: 'check_stock', input: { sku } });
      return { text: 'I look.', toolCalls: [call('SKU-42'), call('SKU-77')] };
    },
  };
  return {
    asked,
    request: { model: languageModel(model, 'test'), tools: { check_stock: check }, stopWhen: isStepCount(3) },
  };
}

describe('a language model for the AI SDK', () => {
  it('sees the conversation and the tools as every model of the samples does', async () => {
    const { asked, request } = given();
    await generateText({ ...request, instructions: 'You are brief.', prompt: 'How many are left?' });
    expect(asked[0]?.options).toMatchObject({
      tools: [{ name: 'check_stock', description: 'Returns the stock.', parameters: { type: 'object' } }],
      mayCallTools: true,
    });
    expect(asked[1]?.messages).toEqual([
      { role: 'system', content: 'You are brief.' },
      { role: 'user', content: 'How many are left?' },
      {
        role: 'assistant',
        content: 'I look.',
        toolCalls: [
          { toolCallId: 'call_SKU-42', toolName: 'check_stock', input: { sku: 'SKU-42' } },
          { toolCallId: 'call_SKU-77', toolName: 'check_stock', input: { sku: 'SKU-77' } },
        ],
      },
      { role: 'tool', toolCallId: 'call_SKU-42', toolName: 'check_stock', content: '{"quantity":12}' },
      {
        role: 'tool',
        toolCallId: 'call_SKU-77',
        toolName: 'check_stock',
        content: 'Error: There is no SKU-77.',
        failed: true,
      },
    ]);
  });

  it('answers in one piece', async () => {
    const { request } = given();
    const { text, steps } = await generateText({ ...request, prompt: 'How many are left?' });
    expect(text).toBe('Twelve, and none of the other.');
    expect(steps.map(({ finishReason }) => finishReason)).toEqual(['tool-calls', 'stop']);
  });

  it('streams its words', async () => {
    const { request } = given();
    const words: string[] = [];
    for await (const part of streamText({ ...request, prompt: 'How many are left?' }).stream) {
      if (part.type === 'text-delta') words.push(part.text);
    }
    expect(words).toEqual(['I', ' look.', 'Twelve,', ' and', ' none', ' of', ' the', ' other.']);
  });

  it('is told when it may call no tools', async () => {
    const { asked, request } = given();
    await generateText({ ...request, toolChoice: 'none', prompt: 'How many are left?' });
    expect(asked[0]?.options).toMatchObject({ mayCallTools: false });
  });
});
