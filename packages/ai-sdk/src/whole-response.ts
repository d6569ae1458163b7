import { decodeValue, encodeValue } from '@keepstep/core/adapter';

/** Is a part of a streamed response. */
export interface StreamPart {
  readonly type: string;
  readonly finishReason?: unknown;
}

/** Is a response in one piece. */
export interface GenerateResult {
  readonly finishReason: unknown;
  readonly response?: Readonly<Record<string, unknown>> | undefined;
  readonly request?: unknown;
}

/** Lists the reasons for which a model ends an answer that is whole: not cut off, not filtered, not failed. */
const WHOLE: ReadonlySet<unknown> = new Set(['stop', 'tool-calls']);
/** Lists the parts that tell of the way a response came, and not what it is. */
const TRANSPORT: ReadonlySet<string> = new Set(['raw', 'ping']);

/** Tells whether the model has said all it had to say. */
export function isWhole({ finishReason }: { readonly finishReason?: unknown }): boolean {
  const reason = (finishReason as { unified?: unknown } | null | undefined)?.unified ?? finishReason;
  return WHOLE.has(reason);
}

/** Tells whether a stream came to its end, without an error in it, and is whole. */
export function isWholeStream(parts: readonly StreamPart[]): boolean {
  return parts.some((part) => part.type === 'finish' && isWhole(part)) && parts.every(({ type }) => type !== 'error');
}

/** Tells whether a part of a stream belongs to the response. */
export function isLasting({ type }: StreamPart): boolean {
  return !TRANSPORT.has(type);
}

/** Copies a part of a stream; one that cannot be stored is returned as it is. */
export function copyOf(part: StreamPart): StreamPart {
  const isPlain = Object.getPrototypeOf(part) === Object.prototype;
  if (isPlain && Object.values(part).every((value) => Object(value) !== value)) return { ...part };
  try {
    return decodeValue(encodeValue(part)) as StreamPart;
  } catch {
    return part;
  }
}

/** Returns a response without what was only true of the request that it came by: headers and bodies. */
export function withoutTransport({ request: _request, response, ...result }: GenerateResult): GenerateResult {
  if (response === undefined) return result;
  const { headers: _headers, body: _body, ...lasting } = response;
  return { ...result, response: lasting };
}
