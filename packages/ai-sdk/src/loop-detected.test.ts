import { createToolCache, type Session } from '@keepstep/core';
import { describe, expect, it } from 'vitest';

import { cacheTools, loopDetected, type LoopDetectedOptions, type LoopRules } from './index.ts';
import { modelDouble, text, toolCall } from '../test/model-double.ts';
import { sdks, type Sdk } from '../test/sdk.ts';

/** Lets a model look again and again, until it is told something that it heeds. */
async function run(
  sdk: Sdk,
  session: Session,
  cache: ReturnType<typeof createToolCache>,
  nudges: number,
  heeds: boolean,
  rules?: LoopRules,
) {
  const look = sdk.tool({ inputSchema: sdk.jsonSchema({ type: 'object' }), execute: async () => 'nothing new' });
  const tools = cacheTools({ look }, { cache, session });
  const model = modelDouble(sdk, (call, { prompt }) => {
    const isTold = JSON.stringify(prompt).includes('Do not call look');
    return heeds && isTold ? text('There is nothing new.') : { content: [toolCall('look', {}, `call_${call}`)] };
  });
  const loop = loopDetected({ nudges, ...(rules && { rules }) });
  const { steps, text: words } = await sdk.generateText({
    model,
    tools,
    prompt: 'Anything new?',
    stopWhen: [sdk.stepCountIs(20), loop],
    prepareStep: loop.prepareStep,
  });
  return { steps, words, model };
}

describe.each(sdks)('$name: loopDetected', (sdk) => {
  it('tells the model what it repeats, which may find another way', async () => {
    const cache = createToolCache();
    const session = cache.openSession({ maxToolRepeats: 3 });
    const { steps, words, model } = await run(sdk, session, cache, 1, true);
    expect(words).toBe('There is nothing new.');
    expect(steps).toHaveLength(5);
    const told = model.asked.at(-1).prompt.at(-1);
    expect(told.role).toBe('user');
    expect(told.content[0].text).toBe(
      'Loop detected: look was called 4 times with the same arguments (limit 3). ' +
        'Do not call look with these arguments again: work with what you have, or say what is missing.',
    );
    // Nobody is told before there is something to tell.
    expect(JSON.stringify(model.asked[3].prompt)).not.toContain('Loop detected');
  });

  it.each([0, 1, 3])('stops a model that does not listen after %i nudges', async (nudges) => {
    const cache = createToolCache();
    const session = cache.openSession({ maxToolRepeats: 2 });
    const { steps, model } = await run(sdk, session, cache, nudges, false);
    expect(steps).toHaveLength(2 + nudges + 1);
    expect(model.asked).toHaveLength(2 + nudges + 1);
  });

  it('leaves an agent alone whose session only warns', async () => {
    const cache = createToolCache();
    const session = cache.openSession({ maxToolRepeats: 2, onLoop: 'warn' });
    const { steps } = await run(sdk, session, cache, 0, false);
    expect(steps).toHaveLength(20);
  });

  it.each([0, 1])(
    'finds loops in the steps by its own rules, without cache and session, and nudges %i times',
    async (nudges) => {
      const look = sdk.tool({ inputSchema: sdk.jsonSchema({ type: 'object' }), execute: async () => 'nothing new' });
      const model = modelDouble(sdk, (call) => ({ content: [toolCall('look', { at: 'sky' }, `call_${call}`)] }));
      const loop = loopDetected({ nudges, rules: { maxToolRepeats: 3 } });
      const { steps } = await sdk.generateText({
        model,
        tools: { look },
        prompt: 'Anything new?',
        stopWhen: [sdk.stepCountIs(20), loop],
        prepareStep: loop.prepareStep,
      });
      expect(steps).toHaveLength(4 + nudges);
      const prompts = model.asked.map(({ prompt }) => JSON.stringify(prompt));
      expect(prompts.filter((prompt) => prompt.includes('was called 4 times'))).toEqual(prompts.slice(4));
    },
  );

  it('stops an agent whose session only warns, when it has rules of its own', async () => {
    const cache = createToolCache();
    const session = cache.openSession({ maxToolRepeats: 2, onLoop: 'warn' });
    const { steps } = await run(sdk, session, cache, 0, false, { maxToolRepeats: 2 });
    expect(steps).toHaveLength(3);
  });

  it('sees with rules what a stricter session has refused', async () => {
    const cache = createToolCache();
    const session = cache.openSession({ maxToolRepeats: 2 });
    const { steps } = await run(sdk, session, cache, 0, false, {});
    expect(steps).toHaveLength(3);
  });

  it('leaves an agent alone that runs in no circle', async () => {
    const look = sdk.tool({ inputSchema: sdk.jsonSchema({ type: 'object' }), execute: async () => 'nothing new' });
    const model = modelDouble(sdk, (call) =>
      call > 6 ? text('done') : { content: [toolCall('look', { page: call }, `call_${call}`)] },
    );
    const loop = loopDetected({ nudges: 0, rules: { maxToolRepeats: 1 } });
    const { steps } = await sdk.generateText({
      model,
      tools: { look },
      prompt: 'All?',
      stopWhen: [sdk.stepCountIs(20), loop],
    });
    expect(steps).toHaveLength(7);
  });

  it('takes other errors of tools for what they are', () => {
    const failed = { content: [{ type: 'tool-error', error: new Error('no connection') }, { type: 'text' }] };
    const loop = loopDetected({ nudges: 0 });
    expect(loop({ steps: [failed, failed] })).toBe(false);
    expect(loop.prepareStep({ steps: [failed], messages: [] })).toBeUndefined();
    expect(loop.prepareStep({ steps: [], messages: [] })).toBeUndefined();
  });
});

describe('loopDetected', () => {
  it.each([
    [{ nudges: -1 }, 'Invalid option "nudges": received -1, allowed: a whole number from 0.'],
    [{ nudges: 0.5 }, 'Invalid option "nudges"'],
    [{ nudge: 1 }, 'Invalid option "nudge": received 1, allowed: nudges, rules.'],
    [{ rules: { onLoop: 'warn' } }, 'Invalid option "rules.onLoop"'],
    [{ rules: { maxToolRepeats: 0 } }, 'Invalid option "maxToolRepeats"'],
    [{ rules: 5 }, 'Invalid option "rules": received 5'],
    [{ rules: null }, 'Invalid option "rules": received null'],
  ])('refuses %o', (options, message) => {
    expect(() => loopDetected(options as LoopDetectedOptions)).toThrow(message);
  });
});
