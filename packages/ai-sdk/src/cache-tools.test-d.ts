import { createToolCache } from '@keepstep/core';
import { generateText, tool, ToolLoopAgent, type InferUITools, type LanguageModel, type ToolSet } from 'ai';
import {
  generateText as generateText5,
  tool as tool5,
  type LanguageModel as Model5,
  type ToolSet as ToolSet5,
  wrapLanguageModel as wrap5,
} from 'ai-5';
import {
  generateText as generateText6,
  tool as tool6,
  ToolLoopAgent as Agent6,
  stepCountIs,
  type LanguageModel as Model6,
  type ToolSet as ToolSet6,
  wrapLanguageModel as wrap6,
} from 'ai-6';
import { isStepCount, wrapLanguageModel } from 'ai';
import { expectTypeOf } from 'vitest';
import { z } from 'zod';

import { cacheTools, loopDetected, responseCache } from './index.ts';

declare const model: LanguageModel;
declare const model5: Model5;
declare const model6: Model6;
const cache = createToolCache();
const inputSchema = z.object({ city: z.string() });
const execute = async ({ city }: { city: string }) => ({ city, degrees: 21 });

const tools = {
  weather: tool({ description: 'Tells the weather', inputSchema, execute }),
  report: tool({
    inputSchema,
    async *execute() {
      yield { done: false };
      yield { done: true };
    },
  }),
  ask: tool({ inputSchema, outputSchema: z.object({ answer: z.string() }) }),
};
const cached = cacheTools(tools, {
  cache,
  tools: {
    weather: {
      kind: 'read',
      resource: ({ city }) => {
        expectTypeOf(city).toEqualTypeOf<string>();
        return ['weather', city];
      },
      cacheIf: ({ degrees }) => degrees > 0,
    },
    report: { kind: 'read', cacheIf: ({ done }) => done },
    // @ts-expect-error: the set has no such tool
    wether: { kind: 'read' },
  },
  session: ({ context }) => context?.session,
});

// The set goes wherever the original did, and says the same about inputs and outputs.
expectTypeOf(cached).toEqualTypeOf<typeof tools>();
expectTypeOf(cached).toExtend<ToolSet>();
expectTypeOf<InferUITools<typeof cached>>().toEqualTypeOf<InferUITools<typeof tools>>();
const { steps } = await generateText({
  model,
  tools: cached,
  prompt: '',
  stopWhen: [isStepCount(3), loopDetected()],
  prepareStep: loopDetected().prepareStep,
});
for (const result of steps[0]?.toolResults ?? []) {
  if (result.dynamic !== true && result.toolName === 'weather') {
    expectTypeOf(result.output).toEqualTypeOf<{ city: string; degrees: number }>();
    expectTypeOf(result.input).toEqualTypeOf<{ city: string }>();
  }
}
const loop = loopDetected();
void new ToolLoopAgent({ model, tools: cached, stopWhen: loop, prepareStep: loop.prepareStep });
void wrapLanguageModel({ model: model as never, middleware: responseCache({ cache }) });

const tools6 = { weather: tool6({ inputSchema, execute }) };
const cached6 = cacheTools(tools6, {
  cache,
  tools: { weather: { kind: 'read', resource: ({ city }) => ['weather', city] } },
});
expectTypeOf(cached6).toEqualTypeOf<typeof tools6>();
expectTypeOf(cached6).toExtend<ToolSet6>();
void generateText6({
  model: model6,
  tools: cached6,
  prompt: '',
  stopWhen: [stepCountIs(3), loop],
  prepareStep: loop.prepareStep,
});
void new Agent6({ model: model6, tools: cached6, stopWhen: loop, prepareStep: loop.prepareStep });
void wrap6({ model: model6 as never, middleware: responseCache({ cache }) });

const tools5 = { weather: tool5({ inputSchema, execute }) };
const cached5 = cacheTools(tools5, {
  cache,
  tools: { weather: { kind: 'read', resource: ({ city }) => ['weather', city] } },
});
expectTypeOf(cached5).toEqualTypeOf<typeof tools5>();
expectTypeOf(cached5).toExtend<ToolSet5>();
void generateText5({ model: model5, tools: cached5, prompt: '', stopWhen: loop, prepareStep: loop.prepareStep });
void wrap5({ model: model5 as never, middleware: responseCache({ cache }) });

// A policy that does not fit the tool is a mistake.
cacheTools(tools, {
  cache,
  // @ts-expect-error: the input has no zip code
  tools: { weather: { kind: 'read', resource: ({ zip }) => ['weather', zip] } },
});
