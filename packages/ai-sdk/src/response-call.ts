import { InvalidArgumentError, type CacheControl, type ToolCall } from '@keepstep/core';

/** Is what the SDK asks of a language model. Its form is that of the model's specification, of any version. */
export interface ModelParams {
  readonly abortSignal?: AbortSignal | undefined;
  readonly providerOptions?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
  readonly [name: string]: unknown;
}

/** Is a language model of any version of the specification. */
export interface AnyModel {
  readonly provider: string;
  readonly modelId: string;
  doGenerate(params: any): PromiseLike<any>;
  doStream(params: any): PromiseLike<any>;
}

/** Names the part of `providerOptions` that is meant for the cache: `{ keepstep: { cache: "refresh" } }`. */
const OWN_OPTIONS = 'keepstep';
/** Lists what does not change the answer: the way to it, and how much of it is reported. */
const TRANSPORT: ReadonlySet<string> = new Set(['abortSignal', 'headers', 'includeRawChunks']);

/** Is a call of a model: what identifies it, and what the model gets. */
export interface ResponseCall {
  readonly call: ToolCall;
  readonly params: ModelParams;
}

/** Turns a call of a model into a call of the cache. */
export function responseCall(kind: 'generate' | 'stream', model: AnyModel, given: ModelParams): ResponseCall {
  const { [OWN_OPTIONS]: own, ...others } = given.providerOptions ?? {};
  const params = own === undefined ? given : { ...given, providerOptions: others };
  const { provider, modelId } = model;
  const identity = Object.entries({ ...params, provider, modelId }).filter(([name, value]) => matters(name, value));
  const cacheControl = controlOf(own);
  const call = {
    toolName: `ai-sdk.${kind}`,
    args: [Object.fromEntries(identity)],
    signal: params.abortSignal,
    cacheControl,
  };
  return { call, params };
}

function matters(name: string, value: unknown): boolean {
  const isEmpty = name === 'providerOptions' && Object.keys(value ?? {}).length === 0;
  return value !== undefined && !isEmpty && !TRANSPORT.has(name);
}

function controlOf(own: Readonly<Record<string, unknown>> = {}): CacheControl | undefined {
  const { cache } = own;
  if (cache === undefined || cache === 'bypass' || cache === 'refresh') return cache;
  throw new InvalidArgumentError('providerOptions.keepstep.cache', cache, '"bypass" or "refresh"');
}
