import { createToolCache } from '@keepstep/core';
import { expect, it } from 'vitest';

import { agentTool } from './agent-tool.ts';
import { oneOf, text, wholeNumber } from './tool-input.ts';

const cache = createToolCache();
const updateStock = cache.write(
  (input: { sku: string; delta: number; reason: 'sold' | 'lost' }) => Promise.resolve(input),
  { name: 'update_stock', invalidates: ({ sku }) => ['stock', sku] },
);
const tool = agentTool(updateStock, {
  description: 'Changes the stock of an article.',
  input: {
    sku: text('The article'),
    delta: wholeNumber('What is added'),
    reason: oneOf(['sold', 'lost'], 'Why'),
  },
});

it('describes itself to a model', () => {
  expect(tool).toMatchObject({
    name: 'update_stock',
    description: 'Changes the stock of an article.',
    parameters: {
      type: 'object',
      properties: {
        sku: { type: 'string', description: 'The article' },
        delta: { type: 'integer', description: 'What is added' },
        reason: { type: 'string', description: 'Why', enum: ['sold', 'lost'] },
      },
      required: ['sku', 'delta', 'reason'],
      additionalProperties: false,
    },
  });
});

it('passes on what it asked for and nothing else', async () => {
  const input = { sku: 'SKU-42', delta: -1, reason: 'sold', thought: 'Let us sell one.' };
  expect(await tool.call(input, {})).toEqual({ sku: 'SKU-42', delta: -1, reason: 'sold' });
});

it.each([
  [{ sku: 'SKU-42', reason: 'sold' }, '"delta" must be a whole number, not missing.'],
  [{ sku: 'SKU-42', delta: 0.5, reason: 'sold' }, '"delta" must be a whole number, not 0.5.'],
  [{ sku: 42, delta: 1, reason: 'sold' }, '"sku" must be a text, not 42.'],
  [{ sku: 'SKU-42', delta: 1, reason: 'bored' }, '"reason" must be one of sold, lost, not "bored".'],
  ['{"sku":', 'The input must be a JSON object.'],
])('refuses %j before the tool runs', async (input, message) => {
  await expect(tool.call(input, {})).rejects.toThrow(message);
});
