import { createToolCache } from '@keepstep/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { responseCache } from '../src/index.ts';
import { exchanges } from './exchanges.ts';
import { modelDouble, type Content, type ModelDouble, type Reply } from './model-double.ts';
import { sdks, type Sdk } from './sdk.ts';

const PARAMS = { prompt: [{ role: 'user', content: [{ type: 'text', text: 'Well?' }] }] };

function given(sdk: Sdk, reply: () => Reply | Promise<Reply>) {
  const plain = modelDouble(sdk, reply);
  const inner = modelDouble(sdk, reply);
  const middleware = responseCache({ cache: createToolCache(), scope: 'global' });
  const cached: ModelDouble = sdk.wrapLanguageModel({ model: inner, middleware });
  return { plain, inner, cached };
}

/** Reads a stream to its end, whether good or bad. */
async function read({ stream, ...rest }: { stream: ReadableStream<unknown> }): Promise<object> {
  const parts: unknown[] = [];
  try {
    for await (const part of stream) parts.push(part);
    return { ...rest, parts };
  } catch (error) {
    return { ...rest, parts, error };
  }
}

/** Takes away what was true of one request alone, and so is of no other. */
function withoutTransport({ request: _request, ...result }: any): object {
  const { headers: _headers, body: _body, ...response } = result.response ?? {};
  return { ...result, ...(Object.keys(response).length > 0 ? { response } : { response: undefined }) };
}

/**
 * Tells whether JSON is kept beside values that are more than JSON, which an own `__proto__` is not, and whether a copy of it
 * is strictly equal: objects with other values of `constructor` are taken for instances of other classes.
 */
function isComparable(json: unknown): boolean {
  return !/"(?:__proto__|constructor)":/v.test(JSON.stringify(json));
}

function outcome(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

describe.each(sdks)('$name: a response', (sdk) => {
  describe.each(Object.entries(exchanges(sdk)))('of %s', (_, reply) => {
    it('is the same with the cache as without it, whether it was there or not', async () => {
      const { plain, inner, cached } = given(sdk, () => reply);
      const expected = await plain.doGenerate(PARAMS);
      expect(await cached.doGenerate(PARAMS)).toStrictEqual(expected);
      for (let hit = 0; hit < 2; hit += 1) {
        expect(withoutTransport(await cached.doGenerate(PARAMS))).toStrictEqual(withoutTransport(expected));
      }
      expect(inner.asked).toHaveLength(1);
    });

    it('streams the same parts with the cache as without it, whether it was there or not', async () => {
      const { plain, inner, cached } = given(sdk, () => reply);
      const expected = await read(await plain.doStream(PARAMS));
      expect(await read(await cached.doStream(PARAMS))).toStrictEqual(expected);
      const { parts } = expected as { parts: unknown[] };
      for (let hit = 0; hit < 2; hit += 1) expect(await read(await cached.doStream(PARAMS))).toStrictEqual({ parts });
      expect(inner.asked).toHaveLength(1);
    });
  });

  it('fails with the very error that the model throws, and is asked for again', async () => {
    const error = new TypeError('the provider is down');
    const { inner, cached } = given(sdk, () => Promise.reject(error));
    for (let calls = 1; calls < 3; calls += 1) {
      expect(await outcome(cached.doGenerate(PARAMS))).toStrictEqual({ error });
      expect(((await outcome(cached.doStream(PARAMS))) as { error: unknown }).error).toBe(error);
      expect(inner.asked).toHaveLength(2 * calls);
    }
  });

  it.each([
    [
      'in a part',
      [
        { type: 'text-start', id: '1' },
        { type: 'error', error: 'overloaded' },
      ],
    ],
    ['as its very first part', [{ type: 'error', error: 'overloaded' }]],
    [
      'by breaking off',
      [
        { type: 'text-start', id: '1' },
        { type: 'throw', error: new Error('the line is dead') },
      ],
    ],
    ['by breaking off at once', [{ type: 'throw', error: new Error('the line is dead') }]],
    ['by ending too early', [{ type: 'text-start', id: '1' }]],
    ['by ending at once', []],
  ])('that fails in the middle of the stream, %s, is the same, and is asked for again', async (_, parts) => {
    const { plain, inner, cached } = given(sdk, () => ({ content: [], parts }));
    const expected = await read(await plain.doStream(PARAMS));
    for (let calls = 1; calls < 3; calls += 1) {
      const streamed = await read(await cached.doStream(PARAMS));
      const transport = { request: { body: 'the request' }, response: { headers: { 'x-request': `${calls}` } } };
      expect(streamed).toStrictEqual({ ...expected, ...transport });
      expect(inner.asked).toHaveLength(calls);
    }
  });

  it.each(['length', 'content-filter', 'error', 'other', 'unknown', 'interrupted'])(
    'that ends with the reason "%s" is handed on, and is asked for again',
    async (reason) => {
      const reply = { content: [{ type: 'text', text: 'It is su' }], reason };
      const { plain, inner, cached } = given(sdk, () => reply);
      expect(await cached.doGenerate(PARAMS)).toStrictEqual(await plain.doGenerate(PARAMS));
      await cached.doGenerate(PARAMS);
      const expected = await read(await plain.doStream(PARAMS));
      const { parts } = (await read(await cached.doStream(PARAMS))) as { parts: unknown[] };
      expect(parts).toHaveLength((expected as { parts: unknown[] }).parts.length);
      expect(parts.at(-1)).toMatchObject({ type: 'finish', finishReason: sdk.finishReason(reason) });
      await read(await cached.doStream(PARAMS));
      expect(inner.asked).toHaveLength(4);
    },
  );

  it('of any parts is streamed as it is, and is asked for again exactly if it is not whole', async () => {
    const content = fc.record({
      type: fc.constantFrom('text-start', 'text-delta', 'text-end', 'source', 'file', 'tool-call', 'error'),
      id: fc.string({ unit: 'grapheme' }),
      data: fc.oneof(fc.json(), fc.uint8Array(), fc.date({ noInvalidDate: true }), fc.double(), fc.constant(undefined)),
      providerMetadata: fc.dictionary(fc.string(), fc.jsonValue()).filter(isComparable),
    });
    const finish = fc.constantFrom('stop', 'tool-calls', 'length', 'error', undefined);
    await fc.assert(
      fc.asyncProperty(fc.array(content, { maxLength: 12 }), finish, async (before, reason) => {
        const end: Content[] = reason === undefined ? [] : [{ type: 'finish', finishReason: sdk.finishReason(reason) }];
        const parts: Content[] = [...before, ...end];
        const { inner, cached } = given(sdk, () => ({ content: [], parts }));
        for (let calls = 0; calls < 2; calls += 1) {
          const { parts: streamed } = (await read(await cached.doStream(PARAMS))) as { parts: unknown[] };
          expect(streamed).toStrictEqual(parts);
        }
        const isWhole = (reason === 'stop' || reason === 'tool-calls') && before.every(({ type }) => type !== 'error');
        expect(inner.asked).toHaveLength(isWhole ? 1 : 2);
      }),
      { numRuns: 60 },
    );
  });

  it('with a part that no store can keep is streamed as it is, and is asked for again', async () => {
    const providerMetadata: unknown = JSON.parse('{"__proto__":{"admin":true}}');
    const finishReason = sdk.finishReason('stop');
    const parts: Content[] = [
      { type: 'file', data: new Uint8Array([1]), providerMetadata },
      { type: 'finish', finishReason },
    ];
    const { inner, cached } = given(sdk, () => ({ content: [], parts }));
    for (let calls = 1; calls < 3; calls += 1) {
      const { parts: streamed } = (await read(await cached.doStream(PARAMS))) as { parts: unknown[] };
      expect(streamed).toStrictEqual(parts);
      expect(inner.asked).toHaveLength(calls);
    }
  });

  it('that is aborted fails with the reason of its signal, and is asked for again', async () => {
    const { inner, cached } = given(sdk, () => new Promise<Reply>(() => undefined));
    for (const ask of [cached.doGenerate, cached.doStream]) {
      const before = inner.asked.length;
      for (let calls = 1; calls < 3; calls += 1) {
        const controller = new AbortController();
        const call = outcome(ask({ ...PARAMS, abortSignal: controller.signal }));
        await expect.poll(() => inner.asked.length).toBe(before + calls);
        const reason = new Error('stopped by the user');
        controller.abort(reason);
        expect(((await call) as { error: unknown }).error).toBe(reason);
        expect(inner.asked.at(-1).abortSignal.aborted).toBe(true);
      }
    }
  });

  it('that is aborted in the middle of its stream has the same parts and the same end, and is asked for again', async () => {
    const endless = (model: ModelDouble): ModelDouble =>
      Object.assign(model, {
        async doStream(params: { abortSignal: AbortSignal }) {
          model.asked.push(params);
          const { abortSignal } = params;
          const stream = new ReadableStream({
            start(controller) {
              controller.enqueue({ type: 'text-start', id: '1' });
              abortSignal.addEventListener('abort', () => controller.error(abortSignal.reason));
            },
          });
          return { stream };
        },
      });
    const { plain, inner, cached } = given(sdk, () => ({ content: [] }));
    const reason = new Error('stopped by the user');
    const ask = async (model: ModelDouble): Promise<object> => {
      const controller = new AbortController();
      const { stream } = await model.doStream({ ...PARAMS, abortSignal: controller.signal });
      const parts: unknown[] = [];
      try {
        for await (const part of stream) {
          parts.push(part);
          controller.abort(reason);
        }
      } catch (error) {
        return { parts, error };
      }
      return { parts };
    };
    endless(inner);
    const expected = await ask(endless(plain));
    expect(expected).toStrictEqual({ parts: [{ type: 'text-start', id: '1' }], error: reason });
    for (let calls = 1; calls < 3; calls += 1) {
      expect(await ask(cached)).toStrictEqual(expected);
      expect(inner.asked).toHaveLength(calls);
    }
  });

  it('that was aborted before it was asked for fails, although it is there', async () => {
    const { cached } = given(sdk, () => ({ content: [{ type: 'text', text: 'Yes.' }] }));
    await cached.doGenerate(PARAMS);
    await read(await cached.doStream(PARAMS));
    const abortSignal = AbortSignal.abort(new Error('too late'));
    await expect(cached.doGenerate({ ...PARAMS, abortSignal })).rejects.toThrow('too late');
    await expect(cached.doStream({ ...PARAMS, abortSignal })).rejects.toThrow('too late');
  });
});
