import { createToolCache, memoryStore, type ToolPolicy } from '@keepstep/core';
import { faultyStore, manualClock } from '@keepstep/core/testing';
import { tool } from 'ai';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { cacheTools, responseCache } from '../src/index.ts';
import { modelDouble, text, toolCall, type Content } from './model-double.ts';
import { latest, sdks } from './sdk.ts';

const READ: ToolPolicy = { kind: 'read', scope: 'global' };
const PARAMS = { prompt: [{ role: 'user', content: [{ type: 'text', text: 'Well?' }] }] };
const EXECUTION = { toolCallId: 'call_1', messages: [] as never[], context: undefined as never };

/** Caches one tool with an input of any form. */
function cachedTool(execute: (input: any) => unknown, policy: ToolPolicy = READ, cache = createToolCache()) {
  const look = tool({ inputSchema: z.any(), execute: async (input: any) => execute(input) });
  const cached = cacheTools({ look }, { cache, tools: { look: policy } });
  return (input: unknown) => cached.look.execute(input, EXECUTION);
}

// What caches for the SDK are known to get wrong, each as it goes right here.
describe('a cache of tools', () => {
  it('does not answer one tool with the result of another', async () => {
    const inputSchema = z.object({ city: z.string() });
    const tools = {
      weather: tool({ inputSchema, execute: async () => 'sunny' }),
      population: tool({ inputSchema, execute: async () => 1_200_000 }),
    };
    const cached = cacheTools(tools, { cache: createToolCache(), tools: { weather: READ, population: READ } });
    expect(await cached.weather.execute({ city: 'Sofia' }, EXECUTION)).toBe('sunny');
    expect(await cached.population.execute({ city: 'Sofia' }, EXECUTION)).toBe(1_200_000);
  });

  it('honours a ttl that is longer, and one that is shorter, than the default', async () => {
    const clock = manualClock();
    const cache = createToolCache({ clock, ttl: '30m' });
    let runs = 0;
    const long = cachedTool(() => (runs += 1), READ, cache);
    await long('long');
    await clock.advance(29 * 60_000);
    expect(await long('long')).toBe(1);
    await clock.advance(60_000);
    expect(await long('long')).toBe(2);
    const short = cachedTool(() => (runs += 1), { ...READ, kind: 'read', ttl: '1s' }, cache);
    expect(await short('short')).toBe(3);
    await clock.advance(1000);
    expect(await short('short')).toBe(4);
  });

  it.each([
    [{ id: 1 }, { id: '1' }],
    [{ id: null }, { id: 'null' }],
    [{ a: '1,b:2' }, { a: 1, b: 2 }],
    [{ a: [1, 2] }, { a: '1,2' }],
    [{ when: new Date(0) }, { when: '1970-01-01T00:00:00.000Z' }],
    [{ id: undefined }, {}],
  ])('keeps %j apart from %j', async (one, other) => {
    const look = cachedTool((input) => input);
    expect(await look(one)).toStrictEqual(one);
    expect(await look(other)).toStrictEqual(other);
    expect(await look(one)).toStrictEqual(one);
  });

  it('runs ten identical calls at once a single time', async () => {
    let runs = 0;
    const look = cachedTool(async () => (runs += 1));
    expect(new Set(await Promise.all(Array.from({ length: 10 }, () => look({}))))).toEqual(new Set([1]));
    expect(runs).toBe(1);
  });

  it.each([
    ['undefined', () => undefined],
    ['a result of an MCP server that says it has failed', () => ({ isError: true, content: [] })],
    ['an error that is returned', () => new Error('no connection')],
    ['what the policy does not want', () => ({ error: 'not found' })],
  ])('does not store %s', async (_, result) => {
    let runs = 0;
    const policy: ToolPolicy = { ...READ, kind: 'read', cacheIf: (value) => value?.error === undefined };
    const look = cachedTool(
      () => {
        runs += 1;
        return result();
      },
      _ === 'undefined' ? READ : policy,
    );
    await look({});
    await look({});
    expect(runs).toBe(2);
  });

  it('streams all parts of a tool on the first run, and leaves the function that it streams through as it was', async () => {
    const parts: unknown[] = [];
    const report = tool({
      inputSchema: z.object({}),
      async *execute() {
        yield { percent: 50 };
        yield { percent: 100 };
      },
    });
    const cached = cacheTools({ report }, { cache: createToolCache(), tools: { report: READ } });
    for await (const part of cached.report.execute({}, EXECUTION) as AsyncIterable<unknown>) parts.push(part);
    expect(parts).toEqual([{ percent: 50 }, { percent: 100 }]);
  });

  it('keeps results private without being told to', async () => {
    const cache = createToolCache();
    let runs = 0;
    const look = cachedTool(() => (runs += 1), { kind: 'read' }, cache);
    const [one, other] = [cache.openSession(), cache.openSession()];
    expect([await one.run(() => look({})), await other.run(() => look({}))]).toEqual([1, 2]);
  });

  it('keeps a result as it is, whatever it is made of', async () => {
    const result = {
      when: new Date(5),
      bytes: new Uint8Array([1]),
      seen: new Set([1]),
      link: new URL('https://a.example/'),
      big: 5n,
    };
    const look = cachedTool(() => result);
    await look({});
    expect(await look({})).toStrictEqual(result);
  });

  it('never does a write a second time, and never leaves it out', async () => {
    let writes = 0;
    const look = cachedTool(() => (writes += 1), { kind: 'write', invalidates: 'cart', scope: 'global' });
    expect([await look({}), await look({})]).toEqual([1, 2]);
  });
});

describe('a cache of responses', () => {
  it('does not replay a stream with an error in it as a success', async () => {
    const error: Content = { type: 'error', error: 'overloaded' };
    const inner = modelDouble(latest, (call) => (call === 1 ? { content: [], parts: [error] } : text('Yes.')));
    const middleware = responseCache({ cache: createToolCache(), scope: 'global' });
    const model = latest.wrapLanguageModel({ model: inner, middleware });
    const failed = latest.streamText({ model, prompt: 'Well?', onError: () => undefined });
    await failed.consumeStream();
    expect(await latest.streamText({ model, prompt: 'Well?' }).text).toBe('Yes.');
  });

  it.each(sdks)('keeps the reason why it ended, the dates, the ids and the tokens: $name', async (sdk) => {
    const inner = modelDouble(sdk, () => text('Yes.'));
    const model = sdk.wrapLanguageModel({
      model: inner,
      middleware: responseCache({ cache: createToolCache(), scope: 'global' }),
    });
    for (let call = 0; call < 2; call += 1) {
      const { finishReason, usage, response } = await model.doGenerate(PARAMS);
      expect(finishReason).toStrictEqual(sdk.finishReason('stop'));
      expect(usage).toStrictEqual(sdk.usage(10, 1));
      expect(response).toMatchObject({ id: 'response-1', timestamp: new Date(Date.UTC(2026, 10, 1)) });
    }
  });

  it('does not fail a call when the store fails', async () => {
    const store = faultyStore(memoryStore());
    store.inject({ kind: 'reject' });
    const inner = modelDouble(latest, () => text('Yes.'));
    const middleware = responseCache({ cache: createToolCache({ store }), scope: 'global' });
    const model = latest.wrapLanguageModel({ model: inner, middleware });
    expect((await latest.generateText({ model, prompt: 'Well?' })).text).toBe('Yes.');
    expect(await latest.streamText({ model, prompt: 'Well?' }).text).toBe('Yes.');
  });

  it.each(sdks)('replays tool calls so that the conversation goes on as before: $name', async (sdk) => {
    const cache = createToolCache();
    const written: string[] = [];
    const tools = {
      add_note: sdk.tool({
        inputSchema: sdk.jsonSchema({ type: 'object', additionalProperties: true }),
        execute: async ({ note }: { note: string }) => {
          written.push(note);
          return 'added';
        },
      }),
    };
    const policies = { add_note: { kind: 'write', invalidates: 'note', scope: 'global' } } as const;
    const cached = cacheTools(tools, { cache, tools: policies });
    const inner = modelDouble(sdk, (call) =>
      call === 1 ? { content: [toolCall('add_note', { note: 'milk' }, 'call_a')] } : text('Done.'),
    );
    const model = sdk.wrapLanguageModel({ model: inner, middleware: responseCache({ cache, scope: 'global' }) });
    const runs: unknown[] = [];
    for (let run = 0; run < 2; run += 1) {
      const { steps, text: words } = await sdk.generateText({
        model,
        tools: cached,
        prompt: 'Note milk.',
        stopWhen: sdk.stepCountIs(5),
      });
      runs.push([words, ...steps.flatMap(({ content }: any) => content)]);
    }
    expect(runs[1]).toStrictEqual(runs[0]);
    // The model is asked once in all; what it wants done is done each time that somebody asks.
    expect(inner.asked).toHaveLength(2);
    expect(written).toEqual(['milk', 'milk']);
  });
});
