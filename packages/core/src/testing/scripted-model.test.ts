import { describe, expect, it } from 'vitest';

import { scriptedModel, scriptedTurns, toolResults, type ModelMessage, type ScriptedPolicy } from './scripted-model.ts';

const question: ModelMessage = { role: 'user', content: 'How many are left?' };

/** Asks for the stock until it gets a number, and gives up after the second failure. */
const stockPolicy: ScriptedPolicy = (messages) => {
  const results = toolResults(messages, 'check_stock');
  const answer = results.find(({ failed }) => !failed);
  if (answer !== undefined) return { text: `${answer.value.quantity} are left.` };
  if (results.length === 2) return { text: 'The warehouse does not answer.' };
  return { text: 'Let me look.', calls: [{ toolName: 'check_stock', input: { sku: 'SKU-42' } }] };
};

/** Runs a conversation to its end, with a list of tool results to hand out. */
async function converse(policy: ScriptedPolicy, answers: { content: string; failed?: boolean }[]) {
  const model = scriptedModel(policy);
  const messages: ModelMessage[] = [question];
  for (;;) {
    const { text, toolCalls } = await model.next(messages);
    messages.push({ role: 'assistant', content: text, toolCalls });
    if (toolCalls.length === 0) return { text, model, messages };
    for (const { toolCallId, toolName } of toolCalls) {
      messages.push({ role: 'tool', toolCallId, toolName, ...answers.shift()! });
    }
  }
}

describe('scriptedModel', () => {
  it('decides from what the tools returned', async () => {
    expect((await converse(stockPolicy, [{ content: '{"quantity":12}' }])).text).toBe('12 are left.');
    const timeout = { content: 'timeout', failed: true };
    expect((await converse(stockPolicy, [timeout, { content: '{"quantity":3}' }])).text).toBe('3 are left.');
    expect((await converse(stockPolicy, [timeout, timeout])).text).toBe('The warehouse does not answer.');
  });

  it('gives every tool call an id of its own', async () => {
    const call = { toolName: 'check_stock', input: { sku: 'SKU-42' } };
    const model = scriptedModel(() => ({ calls: [call, call] }));
    const first = await model.next([question]);
    const second = await model.next([question]);
    expect([...first.toolCalls, ...second.toolCalls]).toEqual([
      { toolCallId: 'call_1', ...call },
      { toolCallId: 'call_2', ...call },
      { toolCallId: 'call_3', ...call },
      { toolCallId: 'call_4', ...call },
    ]);
  });

  it('takes its ids from a function, so that several models can share a sequence', async () => {
    const model = scriptedModel(() => ({ calls: [{ toolName: 'check_stock', input: {} }] }), {
      nextToolCallId: () => 'toolu_7',
    });
    expect((await model.next([question])).toolCalls[0]?.toolCallId).toBe('toolu_7');
  });

  it('serves conversations side by side', async () => {
    const model = scriptedModel(stockPolicy);
    const [first, second] = await Promise.all([model.next([question]), model.next([question])]);
    expect(first.toolCalls[0]).toMatchObject({ toolCallId: 'call_1', toolName: 'check_stock' });
    expect(second.toolCalls[0]).toMatchObject({ toolCallId: 'call_2', toolName: 'check_stock' });
  });

  it('records each request as it was, and the reply', async () => {
    const { model, messages } = await converse(stockPolicy, [{ content: '{"quantity":12}' }]);
    expect(model.calls()).toEqual([
      {
        messages: [question],
        reply: {
          text: 'Let me look.',
          toolCalls: [{ toolCallId: 'call_1', toolName: 'check_stock', input: { sku: 'SKU-42' } }],
        },
      },
      { messages: messages.slice(0, 3), reply: { text: '12 are left.', toolCalls: [] } },
    ]);
  });

  it('rejects with the error of its policy', async () => {
    const broken = new Error('no idea');
    const model = scriptedModel(() => {
      throw broken;
    });
    await expect(model.next([question])).rejects.toBe(broken);
    expect(model.calls()).toEqual([]);
  });
});

describe('scriptedTurns', () => {
  const turns = scriptedTurns([
    { calls: [{ toolName: 'check_stock', input: { sku: 'SKU-42' } }] },
    { text: 'Twelve.' },
  ]);

  it('takes the turns in order', async () => {
    const { text, model } = await converse(turns, [{ content: 'whatever' }]);
    expect(text).toBe('Twelve.');
    expect(model.calls()).toHaveLength(2);
  });

  it('starts anew with every conversation', async () => {
    const model = scriptedModel(turns);
    await model.next([question]);
    expect((await model.next([question])).toolCalls).toHaveLength(1);
  });

  it('says so when it runs out of turns', () => {
    const said: ModelMessage = { role: 'assistant', content: '', toolCalls: [] };
    expect(() => turns([question, said, said])).toThrow('The script has 2 turns and is asked for turn 3.');
  });
});

describe('toolResults', () => {
  const messages: ModelMessage[] = [
    { role: 'system', content: 'You are brief.' },
    question,
    {
      role: 'assistant',
      content: '',
      toolCalls: [
        { toolCallId: 'a', toolName: 'check_stock', input: { sku: 'SKU-42' } },
        { toolCallId: 'b', toolName: 'get_price', input: { sku: 'SKU-42' } },
        { toolCallId: 'c', toolName: 'get_price', input: { sku: 'SKU-43' } },
      ],
    },
    { role: 'tool', toolCallId: 'b', toolName: 'get_price', content: 'no such price', failed: true },
    { role: 'tool', toolCallId: 'a', toolName: 'check_stock', content: '{"quantity":12}' },
  ];

  it('brings each result together with what was asked, in the order of the answers', () => {
    expect(toolResults(messages)).toEqual([
      {
        toolCallId: 'b',
        toolName: 'get_price',
        input: { sku: 'SKU-42' },
        failed: true,
        content: 'no such price',
        value: 'no such price',
      },
      {
        toolCallId: 'a',
        toolName: 'check_stock',
        input: { sku: 'SKU-42' },
        failed: false,
        content: '{"quantity":12}',
        value: { quantity: 12 },
      },
    ]);
  });

  it('lists those of one tool', () => {
    expect(toolResults(messages, 'check_stock').map(({ toolCallId }) => toolCallId)).toEqual(['a']);
  });
});
