import { LegacyOpenTelemetry, OpenTelemetry } from '@ai-sdk/otel';
import { createToolCache } from '@keepstep/core';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { cacheTools, responseCache } from '../src/index.ts';
import { modelDouble, text, toolCall } from './model-double.ts';
import { sdks, type Sdk } from './sdk.ts';

const exporter = new InMemorySpanExporter();

beforeEach(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
});

afterEach(() => {
  exporter.reset();
  context.disable();
  trace.disable();
});

/** Lets the same exchange happen twice: a model is asked, calls a tool, and is asked again. */
async function converseTwice(sdk: Sdk, telemetry: object): Promise<void> {
  const cache = createToolCache();
  const look = sdk.tool({ inputSchema: sdk.jsonSchema({ type: 'object' }), execute: async () => 'nothing new' });
  const tools = cacheTools({ look }, { cache, tools: { look: { kind: 'read', scope: 'global' } } });
  const inner = modelDouble(sdk, (call) =>
    call === 1 ? { content: [toolCall('look', {}, 'call_1')] } : text('Done.'),
  );
  const model = sdk.wrapLanguageModel({ model: inner, middleware: responseCache({ cache, scope: 'global' }) });
  for (let run = 0; run < 2; run += 1) {
    await sdk.generateText({ model, tools, prompt: 'Look.', stopWhen: sdk.stepCountIs(3), ...telemetry });
  }
}

function marks(name: RegExp): unknown[] {
  const spans = exporter.getFinishedSpans().filter((span) => name.test(span.name));
  return spans.map(({ attributes }) => [attributes['cache.hit'], attributes['keepstep.status']]);
}

const MISS = [false, 'miss'];
const HIT = [true, 'hit'];

describe('a hit', () => {
  it.each([
    ['ai 7', () => ({ telemetry: { integrations: new OpenTelemetry() } }), /^execute_tool/, /^chat/],
    ['ai 7', () => ({ telemetry: { integrations: new LegacyOpenTelemetry() } }), /toolCall$/, /doGenerate$/],
    ['ai 6', () => ({ experimental_telemetry: { isEnabled: true } }), /toolCall$/, /doGenerate$/],
    ['ai 5', () => ({ experimental_telemetry: { isEnabled: true } }), /toolCall$/, /doGenerate$/],
  ])("stands on the SDK's own spans: %s", async (name, telemetry, ofTool, ofModel) => {
    await converseTwice(sdks.find((sdk) => sdk.name === name) as Sdk, telemetry());
    expect(marks(ofTool)).toEqual([MISS, HIT]);
    expect(marks(ofModel)).toEqual([MISS, MISS, HIT, HIT]);
  });

  it("is none of anybody's business where nothing is traced", async () => {
    for (const sdk of sdks) await converseTwice(sdk, {});
    expect(exporter.getFinishedSpans().filter(({ attributes }) => 'cache.hit' in attributes)).toEqual([]);
  });
});
