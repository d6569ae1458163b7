import { parseDuration, systemClock } from '@keepstep/core';
import type { Clock, Duration, ResourceInputs, Scope, ToolCache, ToolOutcome, ToolPolicy } from '@keepstep/core';
import { checkAdapterOptions, sessionFrom, type SessionSource } from '@keepstep/core/adapter';

import { activeSpan, markSpan } from './active-span.ts';
import { liveStream } from './live-stream.ts';
import { replayStream } from './replay-stream.ts';
import { responseCall, type AnyModel, type ModelParams } from './response-call.ts';
import {
  copyOf,
  isLasting,
  isWhole,
  isWholeStream,
  withoutTransport,
  type GenerateResult,
  type StreamPart,
} from './whole-response.ts';

/** Says how the responses of a model are cached. */
export interface ResponseCacheOptions {
  readonly cache: ToolCache;
  /** Is the time a response is fresh. Default: the cache's `ttl`. */
  readonly ttl?: Duration;
  /** Says who may share a response. Default: "session". */
  readonly scope?: Scope;
  /** Names the data that responses depend on; invalidating it drops them. Default: "model-response". */
  readonly resource?: ResourceInputs;
  /** Names the session, always or call by call. Default: the one around the call. */
  readonly session?: SessionSource<ModelParams>;
  /** Is the pause between two parts of a stream that is replayed. Default: none, all parts are there at once. */
  readonly pace?: Duration;
  /** Gives the time for `pace`. Default: the clock of the machine. */
  readonly clock?: Clock;
}

/** Is a middleware for `wrapLanguageModel` of every major version of the SDK. */
export interface ResponseCacheMiddleware {
  readonly specificationVersion: any;
  readonly middlewareVersion: any;
  wrapGenerate(options: { readonly model: any; readonly params: any }): Promise<any>;
  wrapStream(options: { readonly model: any; readonly params: any }): Promise<any>;
}

/**
 * Caches what a language model answers: the same question to the same model is asked once. Only answers that are whole
 * and without an error are kept. One call gets around it by `providerOptions: { keepstep: { cache: "bypass" } }`, and
 * renews what is kept by `"refresh"`.
 *
 * @throws InvalidOptionError for an option that is not allowed
 */
export function responseCache(options: ResponseCacheOptions): ResponseCacheMiddleware {
  checkAdapterOptions(options, OPTIONS);
  const { cache, ttl, scope, resource = 'model-response', session, clock = systemClock } = options;
  const paceMs = options.pace === undefined ? 0 : parseDuration(options.pace, 'pace');
  const rules = {
    kind: 'read',
    resource,
    loop: false,
    ...(ttl !== undefined && { ttl }),
    ...(scope && { scope }),
  } as const;
  const whole: ToolPolicy = { ...rules, cacheIf: isWhole };
  const wholeStream: ToolPolicy = { ...rules, cacheIf: isWholeStream };
  cache.declare('ai-sdk.generate', whole);
  cache.declare('ai-sdk.stream', wholeStream);

  async function wrapGenerate({ model, params: given }: { model: AnyModel; params: ModelParams }): Promise<unknown> {
    const { call, params } = responseCall('generate', model, given);
    const span = activeSpan();
    let own: GenerateResult | undefined;
    call.signal?.throwIfAborted();
    const outcome = await cache.call({ ...call, session: sessionFrom(session, given) }, whole, async ({ signal }) => {
      own = (await model.doGenerate({ ...params, abortSignal: signal })) as GenerateResult;
      return withoutTransport(own);
    });
    markSpan(span, outcome.status);
    return own ?? outcome.value;
  }

  async function wrapStream({ model, params: given }: { model: AnyModel; params: ModelParams }): Promise<unknown> {
    const { call, params } = responseCall('stream', model, given);
    const span = activeSpan();
    const opened = Promise.withResolvers<object>();
    const left = new AbortController();
    call.signal?.throwIfAborted();
    const signal = call.signal === undefined ? left.signal : AbortSignal.any([call.signal, left.signal]);
    const own = { ...call, signal, session: sessionFrom(session, given) };
    const parts = cache.stream(own, wholeStream, async function* load(execution) {
      const { stream, ...rest } = await model.doStream({ ...params, abortSignal: execution.signal });
      opened.resolve(rest);
      const lasting: StreamPart[] = [];
      for await (const part of stream as AsyncIterable<StreamPart>) {
        // Before it is handed out: what the reader makes of it is no part of the answer.
        if (isLasting(part)) lasting.push(copyOf(part));
        yield part;
      }
      return lasting;
    });
    const first = parts.next();
    // Whatever comes first: the model has begun to answer, or it does not have to.
    const rest = await Promise.race([
      opened.promise,
      first.then(({ done }) => (done === true ? undefined : opened.promise)),
    ]);
    if (rest !== undefined) return { ...rest, stream: liveStream(first, parts, left) };
    const outcome = (await first).value as ToolOutcome<StreamPart[]>;
    markSpan(span, outcome.status);
    return { stream: replayStream(outcome.value, { paceMs, clock, signal: call.signal }) };
  }

  return { specificationVersion: 'v4', middlewareVersion: 'v2', wrapGenerate, wrapStream };
}

const OPTIONS: readonly string[] = [
  'cache',
  'ttl',
  'scope',
  'resource',
  'session',
  'pace',
  'clock',
] satisfies (keyof ResponseCacheOptions)[];
