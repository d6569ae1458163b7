import { createToolCache } from '@keepstep/core';
import { describe, expect, it } from 'vitest';

import { cacheTools } from '../src/index.ts';
import { modelDouble, toolCall } from './model-double.ts';
import { sdks, type Sdk } from './sdk.ts';

function given(sdk: Sdk, options: object = {}) {
  const cache = createToolCache();
  let runs = 0;
  const look = sdk.tool({
    inputSchema: sdk.jsonSchema({ type: 'object' }),
    execute: async () => `look ${(runs += 1)}`,
    ...options,
  });
  const tools = cacheTools({ look }, { cache, tools: { look: { kind: 'read' } } });
  const model = modelDouble(sdk, (call) => ({ content: [toolCall('look', {}, `call_${call}`)] }));
  return { cache, tools, model, runs: () => runs };
}

describe.each(sdks)('$name: an agent', (sdk) => {
  it('streams inside a session, which its tools find wherever the stream is read', async () => {
    const { cache, tools, model } = given(sdk);
    const outputs: unknown[] = [];
    const [one, other] = [cache.openSession(), cache.openSession()];
    for (const session of [one, one, other]) {
      const { fullStream } = session.run(() => sdk.streamText({ model, tools, prompt: 'Look.' }));
      for await (const part of fullStream) if (part.type === 'tool-result') outputs.push(part.output);
    }
    expect(outputs).toEqual(['look 1', 'look 1', 'look 2']);
  });

  it('makes the calls of one step side by side, and the same one once', async () => {
    const { cache, tools, runs } = given(sdk);
    const calls = ['call_a', 'call_b', 'call_c'].map((id) => toolCall('look', {}, id));
    const model = modelDouble(sdk, () => ({ content: calls }));
    const { steps } = await cache.openSession().run(() => sdk.generateText({ model, tools, prompt: 'Look.' }));
    const results = steps[0].toolResults.map(({ toolCallId, output }: any) => `${toolCallId}: ${output}`);
    expect(results).toEqual(['call_a: look 1', 'call_b: look 1', 'call_c: look 1']);
    expect(runs()).toBe(1);
  });

  it('shows the model of a hit what it shows it of a run, in the words of the tool', async () => {
    const toModelOutput = (tool: any): object => ({ type: 'text', value: `It says: ${tool.output ?? tool}` });
    const { cache, tools, model, runs } = given(sdk, { toModelOutput });
    await cache.openSession({ loopDetection: false }).run(async () => {
      for (let time = 0; time < 2; time += 1) {
        await sdk.generateText({ model, tools, prompt: 'Look.', stopWhen: sdk.stepCountIs(2) });
      }
    });
    const shown = model.asked.map(({ prompt }) => prompt.at(-1)).filter(({ role }) => role === 'tool');
    const outputs = shown.map(({ content }) => content[0].output);
    expect(outputs).toEqual(Array.from({ length: 2 }, () => ({ type: 'text', value: 'It says: look 1' })));
    expect(runs()).toBe(1);
  });
});

describe.each(sdks.filter(({ name }) => name !== 'ai 5'))('$name: a tool that needs approval', (sdk) => {
  it('does not run before it is approved, cached or not', async () => {
    const { cache, tools, model, runs } = given(sdk, { needsApproval: true });
    await cache.openSession().run(async () => {
      for (let time = 0; time < 2; time += 1) {
        const { steps } = await sdk.generateText({ model, tools, prompt: 'Look.' });
        const types = steps[0].content.map(({ type }: { type: string }) => type);
        expect(types).toEqual(['tool-call', 'tool-approval-request']);
      }
    });
    expect(runs()).toBe(0);
  });
});
