import { createToolCache, memoryStore, type ToolCacheOptions } from '@keepstep/core';
import { faultyStore, manualClock } from '@keepstep/core/testing';
import { describe, expect, it } from 'vitest';

import { responseCache, type ModelParams, type ResponseCacheOptions } from './index.ts';
import { modelDouble, text, type Content, type ModelDouble } from '../test/model-double.ts';
import { latest, sdks, type Sdk } from '../test/sdk.ts';

const PARAMS = { prompt: [{ role: 'user', content: [{ type: 'text', text: 'Well?' }] }], temperature: 0 };
const BYPASS = { providerOptions: { keepstep: { cache: 'bypass' } } };
const REFRESH = { providerOptions: { keepstep: { cache: 'refresh' } } };

function given(options: Partial<ResponseCacheOptions> = {}, cacheOptions: ToolCacheOptions = {}, sdk: Sdk = latest) {
  const cache = createToolCache(cacheOptions);
  const inner = modelDouble(sdk, (call) => text(`answer ${call}`));
  const middleware = responseCache({ cache, scope: 'global', ...options });
  const model: ModelDouble = sdk.wrapLanguageModel({ model: inner, middleware });
  const ask = async (params: object = {}): Promise<string> =>
    (await model.doGenerate({ ...PARAMS, ...params })).content[0].text;
  const askStreaming = async (params: object = {}): Promise<string> => {
    const parts: Content[] = [];
    for await (const part of (await model.doStream({ ...PARAMS, ...params })).stream) parts.push(part);
    return parts.map(({ delta = '' }) => String(delta)).join('');
  };
  return { cache, inner, middleware, model, ask, askStreaming };
}

const file = (data: unknown): object => ({
  prompt: [{ role: 'user', content: [{ type: 'file', mediaType: 'image/png', data }] }],
});

describe('what identifies a response', () => {
  it.each([
    ['the prompt', { prompt: [{ role: 'user', content: [{ type: 'text', text: 'Well, well?' }] }] }],
    ['bytes in the prompt', file({ type: 'data', data: new Uint8Array([1, 2]) })],
    ['other bytes in the prompt', file({ type: 'data', data: new Uint8Array([1, 3]) })],
    ['an address in the prompt', file({ type: 'url', url: new URL('https://a.example/1') })],
    ['another address in the prompt', file({ type: 'url', url: new URL('https://a.example/2') })],
    ['the temperature', { temperature: 1 }],
    ['the seed', { seed: 1 }],
    ['the length', { maxOutputTokens: 10 }],
    ['stop sequences', { stopSequences: ['end'] }],
    ['tools', { tools: [{ type: 'function', name: 'look', inputSchema: { type: 'object' } }] }],
    ['the choice of tools', { toolChoice: { type: 'none' } }],
    ['the form of the answer', { responseFormat: { type: 'json' } }],
    ['its schema', { responseFormat: { type: 'json', schema: { type: 'object' } } }],
    ['how it reasons', { reasoning: 'high' }],
    ['options of the provider', { providerOptions: { openai: { reasoningEffort: 'low' } } }],
    ['other options of the provider', { providerOptions: { openai: { reasoningEffort: 'high' } } }],
  ])('is %s', async (_, params) => {
    const { inner, ask, askStreaming } = given();
    expect([await ask(), await ask(params), await ask(params), await ask()]).toEqual([
      'answer 1',
      'answer 2',
      'answer 2',
      'answer 1',
    ]);
    expect([await askStreaming(params), await askStreaming()]).toEqual(['answer 3', 'answer 4']);
    expect([await askStreaming(params), await askStreaming()]).toEqual(['answer 3', 'answer 4']);
    expect(inner.asked).toHaveLength(4);
  });

  it.each([
    ['headers', { headers: { 'user-agent': 'ai/9' } }],
    ['the signal', { abortSignal: new AbortController().signal }],
    ['how much of it is reported', { includeRawChunks: true }],
    ['what is not there', { topP: undefined, providerOptions: {} }],
    ['the order of properties', { temperature: undefined, ...Object.fromEntries(Object.entries(PARAMS).toReversed()) }],
  ])('is not %s', async (_, params) => {
    const { inner, ask } = given();
    await ask();
    expect(await ask(params)).toBe('answer 1');
    expect(inner.asked).toHaveLength(1);
  });

  it('is the model and its provider', async () => {
    const { cache, middleware } = given();
    const models = [{ modelId: 'a' }, { modelId: 'b' }, { modelId: 'a', provider: 'other' }].map((identity) => {
      const inner = modelDouble(latest, () => text(JSON.stringify(identity)), identity);
      return { identity, inner, model: latest.wrapLanguageModel({ model: inner, middleware }) };
    });
    for (let round = 0; round < 2; round += 1) {
      for (const { identity, model } of models) {
        expect((await model.doGenerate(PARAMS)).content[0].text).toBe(JSON.stringify(identity));
      }
    }
    expect(models.map(({ inner }) => inner.asked.length)).toEqual([1, 1, 1]);
    expect(cache.metrics()).toMatchObject({ hits: 3, misses: 3 });
  });
});

describe.each(sdks)('$name: a cached response', (sdk) => {
  it('answers the SDK as the model would, in one piece and streamed', async () => {
    const { model, inner } = given({}, {}, sdk);
    const plain = modelDouble(sdk, (call) => text(`answer ${call}`));
    const seen: unknown[] = [];
    for (const each of [plain, model, model]) {
      const {
        text: words,
        finishReason,
        usage,
        steps,
        response,
      } = await sdk.generateText({ model: each, prompt: 'Well?' });
      const { id, modelId, timestamp, messages } = response;
      seen.push({ words, finishReason, usage, content: steps[0].content, id, modelId, timestamp, messages });
    }
    expect(seen[1]).toStrictEqual(seen[0]);
    expect(seen[2]).toStrictEqual(seen[0]);
    const streams: unknown[] = [];
    for (const each of [plain, model, model]) {
      const result = sdk.streamText({ model: each, prompt: 'Well?' });
      const [words, finishReason, usage, { id, modelId, timestamp }] = await Promise.all([
        result.text,
        result.finishReason,
        result.usage,
        result.response,
      ]);
      streams.push({ words, finishReason, usage, id, modelId, timestamp });
    }
    expect(streams[1]).toStrictEqual(streams[0]);
    expect(streams[2]).toStrictEqual(streams[0]);
    expect(inner.asked).toHaveLength(2);
  });

  it('is got around by "bypass" and renewed by "refresh", which the model never sees', async () => {
    const { model, inner } = given({}, {}, sdk);
    const ask = async (providerOptions: object = {}): Promise<string> =>
      (await sdk.generateText({ model, prompt: 'Well?', providerOptions })).text;
    const double = { double: { effort: 'low' } };
    expect(await ask(double)).toBe('answer 1');
    expect(await ask({ ...double, ...BYPASS.providerOptions })).toBe('answer 2');
    expect(await ask(double)).toBe('answer 1');
    expect(await ask({ ...double, ...REFRESH.providerOptions })).toBe('answer 3');
    expect(await ask(double)).toBe('answer 3');
    expect(inner.asked.map(({ providerOptions }) => providerOptions)).toEqual([double, double, double]);
  });

  it('is not asked for twice at once, in one piece or streamed', async () => {
    const { inner, ask, askStreaming } = given({}, {}, sdk);
    expect(new Set(await Promise.all([ask(), ask(), ask(), ask()]))).toEqual(new Set(['answer 1']));
    const streams = await Promise.all([askStreaming(), askStreaming(), askStreaming()]);
    expect(new Set(streams)).toEqual(new Set(['answer 2']));
    expect(inner.asked).toHaveLength(2);
  });
});

describe('a cached response', () => {
  it('streams "bypass" and "refresh" as well', async () => {
    const { askStreaming } = given();
    expect(await askStreaming()).toBe('answer 1');
    expect(await askStreaming(BYPASS)).toBe('answer 2');
    expect(await askStreaming()).toBe('answer 1');
    expect(await askStreaming(REFRESH)).toBe('answer 3');
    expect(await askStreaming()).toBe('answer 3');
  });

  it('refuses a wish that it does not know', async () => {
    const { ask, askStreaming } = given();
    const params = { providerOptions: { keepstep: { cache: 'off' } } };
    const refusal =
      'Invalid argument "providerOptions.keepstep.cache": received "off", allowed: "bypass" or "refresh".';
    await expect(ask(params)).rejects.toThrow(refusal);
    await expect(askStreaming(params)).rejects.toThrow(refusal);
  });

  it('is fresh for its ttl', async () => {
    const clock = manualClock();
    const { ask } = given({ ttl: '1m' }, { clock });
    expect(await ask()).toBe('answer 1');
    await clock.advance(59_999);
    expect(await ask()).toBe('answer 1');
    await clock.advance(1);
    expect(await ask()).toBe('answer 2');
  });

  it('is dropped with the resource that it depends on', async () => {
    const { cache, ask } = given();
    await ask();
    await cache.invalidate('model-response');
    expect(await ask()).toBe('answer 2');
    const own = given({ resource: ['prompts', 'v1'] });
    await own.ask();
    await own.cache.invalidate('prompts');
    expect(await own.ask()).toBe('answer 2');
  });

  it('belongs to its session, unless its scope says otherwise', async () => {
    const { cache, ask } = given({ scope: 'session' });
    expect([await ask(), await ask()]).toEqual(['answer 1', 'answer 2']);
    const sessions = [cache.openSession(), cache.openSession()];
    for (const round of [1, 2]) {
      for (const [place, session] of sessions.entries()) {
        expect(await session.run(() => ask()), `round ${round}`).toBe(`answer ${place + 3}`);
      }
    }
    await sessions[0]?.end();
    expect(await cache.openSession().run(() => ask())).toBe('answer 5');
  });

  it('finds the session by option, always or call by call', async () => {
    const cache = createToolCache();
    const session = cache.openSession();
    const inner = modelDouble(latest, (call) => text(`answer ${call}`));
    const bySeed = (params: ModelParams) => (params['seed'] === 1 ? session : undefined);
    for (const [source, params] of [
      [session, {}],
      [bySeed, { seed: 1 }],
    ] as const) {
      const model = latest.wrapLanguageModel({ model: inner, middleware: responseCache({ cache, session: source }) });
      const before = inner.asked.length;
      await model.doGenerate({ ...PARAMS, ...params });
      await model.doGenerate({ ...PARAMS, ...params });
      expect(inner.asked.length - before).toBe(1);
    }
  });

  it.each(sdks.map((sdk) => [sdk.name, sdk] as const))(
    'is what the model has said, whatever its first reader makes of the parts (%s)',
    async (_, sdk) => {
      const { model, askStreaming } = given({}, {}, sdk);
      for await (const part of (await model.doStream(PARAMS)).stream) {
        Object.assign(part, { delta: 'changed', added: true });
        if (part.usage !== undefined) part.usage.inputTokens = 'changed';
      }
      expect(await askStreaming()).toBe('answer 1');
      const parts: Content[] = [];
      for await (const part of (await model.doStream(PARAMS)).stream) parts.push(part);
      expect(JSON.stringify(parts)).not.toMatch(/changed|added/);
    },
  );

  it('counts for no loop', async () => {
    const { cache, ask } = given();
    await cache.session({ maxToolRepeats: 1, maxExecutionDepth: 1 }, async (session) => {
      for (let calls = 0; calls < 5; calls += 1) await ask();
      expect(session.metrics()).toMatchObject({ loopDetections: 0, hits: 4 });
    });
  });

  it.each(['throw', 'reject'] as const)('comes from the model while the store fails: %s', async (kind) => {
    const store = faultyStore(memoryStore());
    const { ask, askStreaming } = given({}, { store });
    const fault = store.inject({ kind });
    expect([await ask(), await ask()]).toEqual(['answer 1', 'answer 2']);
    expect([await askStreaming(), await askStreaming()]).toEqual(['answer 3', 'answer 4']);
    expect(fault.hits).toBeGreaterThan(0);
  });

  it('keeps to itself what was only true of the way it came', async () => {
    const cache = createToolCache();
    const chatty = modelDouble(latest, () => ({
      content: [],
      parts: [
        { type: 'raw', rawValue: { chunk: 1 } },
        { type: 'ping' },
        { type: 'text-delta', id: '1', delta: 'Yes.' },
        { type: 'finish', finishReason: latest.finishReason('stop'), usage: latest.usage(1, 1) },
      ],
    }));
    const model = latest.wrapLanguageModel({ model: chatty, middleware: responseCache({ cache, scope: 'global' }) });
    const types: string[][] = [];
    for (let calls = 0; calls < 2; calls += 1) {
      const { stream, ...rest } = await model.doStream(PARAMS);
      const parts: Content[] = [];
      for await (const part of stream) parts.push(part);
      types.push([...parts.map(({ type }) => type), ...Object.keys(rest)]);
    }
    expect(types).toEqual([
      ['raw', 'ping', 'text-delta', 'finish', 'request', 'response'],
      ['text-delta', 'finish'],
    ]);
  });
});

describe('a reader that leaves', () => {
  it('leaves others unharmed who wait for the same stream', async () => {
    const gate = Promise.withResolvers<void>();
    const store = faultyStore(memoryStore());
    const cache = createToolCache({ store });
    const inner = modelDouble(latest, () => text('Yes, indeed.'));
    const slow = {
      ...inner,
      async doStream(params: any) {
        const result = await inner.doStream(params);
        const hold = new TransformStream({
          async transform(part: Content, controller) {
            if (part.type === 'finish') await gate.promise;
            controller.enqueue(part);
          },
        });
        return { ...result, stream: result.stream.pipeThrough(hold) };
      },
    };
    const model = latest.wrapLanguageModel({ model: slow, middleware: responseCache({ cache, scope: 'global' }) });
    const first = await model.doStream(PARAMS);
    const second = model.doStream(PARAMS);
    await expect.poll(() => store.calls('acquire')).toBe(2);
    await first.stream.cancel();
    expect(inner.asked[0].abortSignal.aborted).toBe(false);
    gate.resolve();
    const parts: Content[] = [];
    for await (const part of (await second).stream) parts.push(part);
    expect(parts.at(-1)?.type).toBe('finish');
    expect(inner.asked).toHaveLength(1);
  });

  it('tells the model to stop when nobody else waits, and nothing is kept', async () => {
    const { inner, model, askStreaming } = given();
    const { stream } = await model.doStream(PARAMS);
    await stream.cancel();
    expect(inner.asked[0].abortSignal.aborted).toBe(true);
    expect(await askStreaming()).toBe('answer 2');
  });
});

describe('a stream that is replayed at a pace', () => {
  it('pauses between two parts', async () => {
    const clock = manualClock();
    const { model, askStreaming } = given({ pace: '10ms', clock });
    await askStreaming();
    const reader = (await model.doStream(PARAMS)).stream.getReader();
    await reader.read();
    const second = reader.read();
    let isThere = false;
    void second.then(() => (isThere = true));
    await clock.advance(9);
    expect(isThere).toBe(false);
    await clock.advance(1);
    expect((await second).done).toBe(false);
    await reader.cancel();
    expect(clock.pending()).toBe(0);
  });

  it('ends with the reason of the signal', async () => {
    const clock = manualClock();
    const { model, askStreaming } = given({ pace: '10ms', clock });
    await askStreaming();
    const controller = new AbortController();
    const { stream } = await model.doStream({ ...PARAMS, abortSignal: controller.signal });
    const reader = stream.getReader();
    await reader.read();
    const second = reader.read();
    controller.abort(new Error('stopped by the user'));
    await expect(second).rejects.toThrow('stopped by the user');
    expect(clock.pending()).toBe(0);
  });
});

describe('responseCache', () => {
  it.each([
    [{ tll: '1m' }, 'Invalid option "tll"'],
    [{ ttl: 'soon' }, 'Invalid option "ttl"'],
    [{ scope: 'everybody' }, 'Invalid option "scope"'],
    [{ pace: 'slow' }, 'Invalid option "pace"'],
    [{ cache: undefined }, 'Invalid option "cache"'],
  ])('refuses %o', (options, message) => {
    const cache = createToolCache();
    expect(() => responseCache({ cache, ...(options as object) })).toThrow(message);
  });
});
