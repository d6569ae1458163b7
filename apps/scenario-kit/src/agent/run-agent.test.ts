import { createToolCache, type Session } from '@keepstep/core';
import { scriptedModel, scriptedTurns, type ModelTurn } from '@keepstep/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openAiModel } from '../models/openai-model.ts';
import { startProvider } from '../testing/provider-double.ts';
import { agentTool, type AgentTool } from './agent-tool.ts';
import { concludeAgent } from './conclude-agent.ts';
import { runAgent } from './run-agent.ts';
import { text } from './tool-input.ts';

const outage = new Error('out of order');
const silent = { asked: () => undefined, answered: () => undefined };
const check = (sku: string): ModelTurn => ({ calls: [{ toolName: 'check_stock', input: { sku } }] });

let session: Session;
let tools: AgentTool[];
let loads: string[];

beforeEach(() => {
  loads = [];
  const cache = createToolCache();
  session = cache.openSession({ maxToolRepeats: 2 });
  const checkStock = cache.read(
    ({ sku }: { sku: string }) => {
      loads.push(sku);
      if (sku === 'SKU-0') throw outage;
      return { sku, quantity: 12 };
    },
    { name: 'check_stock' },
  );
  tools = [agentTool(checkStock, { description: 'Returns the stock.', input: { sku: text('The article') } })];
});
afterEach(() => session.end());

const run = (turns: readonly ModelTurn[], more: object = {}) =>
  runAgent({
    model: scriptedModel(scriptedTurns(turns)),
    tools,
    session,
    observer: silent,
    prompt: 'How many?',
    ...more,
  });

describe('runAgent', () => {
  it('runs tools through the cache until the model answers', async () => {
    const { answer, loop, messages } = await run([check('SKU-42'), check('SKU-42'), { text: 'Twelve.' }]);
    expect(answer).toBe('Twelve.');
    expect(loop).toBeUndefined();
    expect(loads).toEqual(['SKU-42']);
    expect(messages.map(({ role, content }) => `${role}: ${content}`)).toEqual([
      'user: How many?',
      'assistant: ',
      'tool: {"sku":"SKU-42","quantity":12}',
      'assistant: ',
      'tool: {"sku":"SKU-42","quantity":12}',
      'assistant: Twelve.',
    ]);
  });

  it('tells the model what went wrong, and keeps the error itself', async () => {
    const { answer, errors, messages } = await run([check('SKU-0'), { text: 'I cannot tell.' }]);
    expect(answer).toBe('I cannot tell.');
    expect(errors).toEqual([outage]);
    expect(errors[0]).toBe(outage);
    expect(messages[2]).toMatchObject({ role: 'tool', content: 'Error: out of order', failed: true });
  });

  it('answers a call of a tool that does not exist with those that do', async () => {
    const { messages } = await run([{ calls: [{ toolName: 'guess_stock', input: {} }] }, { text: 'I cannot tell.' }]);
    expect(messages[2]).toMatchObject({
      content: 'Error: There is no tool guess_stock. There are: check_stock.',
      failed: true,
    });
  });

  it('stops at a detected loop, with the hint as the last message', async () => {
    const again = check('SKU-42');
    const { answer, loop, messages } = await run([again, again, again]);
    expect(answer).toBeUndefined();
    expect(loop).toMatchObject({ rule: 'repeats', tool: 'check_stock' });
    expect(messages.at(-1)).toMatchObject({ role: 'tool', failed: true });
    expect(messages.at(-1)?.content).toBe(`${loop?.message}. ${loop?.hint}`);
  });

  it('lets calls side by side finish before it stops', async () => {
    const both: ModelTurn = { calls: [...check('SKU-42').calls!, ...check('SKU-43').calls!] };
    const { messages } = await run([check('SKU-42'), check('SKU-42'), both]);
    expect(messages.slice(-2).map(({ content }) => content)).toEqual([
      expect.stringContaining('Loop detected'),
      '{"sku":"SKU-43","quantity":12}',
    ]);
  });

  it('goes on with an earlier conversation', async () => {
    const first = await run([check('SKU-42'), { text: 'Twelve.' }], { instructions: 'Be brief.' });
    const second = await run([check('SKU-42'), { text: 'Twelve.' }, { text: 'Still twelve.' }], {
      messages: first.messages,
      instructions: 'Be brief.',
      prompt: 'And now?',
    });
    expect(second.answer).toBe('Still twelve.');
    expect(second.messages.filter(({ role }) => role === 'system')).toHaveLength(1);
  });

  it('gives up on a model that never answers', async () => {
    const model = scriptedModel((messages) => check(`SKU-${messages.length}`));
    const { answer, loop } = await runAgent({
      model,
      tools,
      session,
      observer: silent,
      prompt: 'How many?',
      maxTurns: 3,
    });
    expect([answer, loop]).toEqual([undefined, undefined]);
    expect(loads).toHaveLength(3);
  });

  it('works with a real provider over HTTP', async () => {
    await using provider = await startProvider(({ body: { messages } }) => {
      const last = messages.at(-1);
      if (last.role === 'tool') return completion({ content: `${JSON.parse(last.content).quantity} are left.` });
      const call = { id: 'call_x', type: 'function', function: { name: 'check_stock', arguments: '{"sku":"SKU-42"}' } };
      return completion({ content: null, tool_calls: [call] });
    });
    const model = openAiModel({ baseUrl: provider.url, model: 'gpt-test' });
    const { answer } = await runAgent({ model, tools, session, observer: silent, prompt: 'How many?' });
    expect(answer).toBe('12 are left.');
    expect(loads).toEqual(['SKU-42']);
  });
});

describe('concludeAgent', () => {
  it('lets a model that was stopped answer with what it has, and call nothing more', async () => {
    const again = check('SKU-42');
    const stopped = await run([again, again, again]);
    await using provider = await startProvider(() => completion({ content: 'Twelve, as far as I know.' }));
    const model = openAiModel({ baseUrl: provider.url, model: 'gpt-test' });
    expect(await concludeAgent(model, stopped, tools)).toBe('Twelve, as far as I know.');
    expect(provider.requests[0]?.body.tool_choice).toBe('none');
    expect(provider.requests[0]?.body.messages.at(-1).content).toContain(stopped.loop?.hint);
  });
});

function completion(message: object): { body: object } {
  return { body: { choices: [{ message }] } };
}
