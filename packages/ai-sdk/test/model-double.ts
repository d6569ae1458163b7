import type { Sdk } from './sdk.ts';

/** Is a part of an answer that a model double gives, in the form of the specification's content. */
export type Content = Readonly<Record<string, unknown>> & { readonly type: string };

/** Is one answer of a model double. */
export interface Reply {
  readonly content: readonly Content[];
  /** Default: what fits the content. */
  readonly reason?: string;
  /** Adds to the result in one piece. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** Gives the parts of the stream, in place of what `content` says. */
  readonly parts?: readonly Content[];
}

/** Is a language model that answers as a test says, and remembers what it was asked. */
export interface ModelDouble {
  readonly specificationVersion: string;
  readonly provider: string;
  readonly modelId: string;
  readonly supportedUrls: Readonly<Record<string, never>>;
  /** Lists what was asked, oldest first. */
  readonly asked: any[];
  doGenerate(params: any): Promise<any>;
  doStream(params: any): Promise<any>;
}

/** Creates a language model that answers as `reply` says, call by call. */
export function modelDouble(
  sdk: Sdk,
  reply: (call: number, params: any) => Reply | Promise<Reply>,
  identity: { readonly provider?: string; readonly modelId?: string } = {},
): ModelDouble {
  const asked: any[] = [];
  const { provider = 'double', modelId = 'double-1' } = identity;
  const next = async (params: any): Promise<Required<Pick<Reply, 'reason'>> & Reply> => {
    asked.push(params);
    const answer = await reply(asked.length, params);
    const calls = answer.content.some(({ type }) => type === 'tool-call');
    return { reason: calls ? 'tool-calls' : 'stop', ...answer };
  };
  const metadata = (): object => ({
    id: `response-${asked.length}`,
    modelId,
    timestamp: new Date(Date.UTC(2026, 10, asked.length)),
  });
  return {
    specificationVersion: sdk.specificationVersion,
    provider,
    modelId,
    supportedUrls: {},
    asked,
    async doGenerate(params) {
      const { content, reason, extra } = await next(params);
      return {
        content,
        finishReason: sdk.finishReason(reason),
        usage: sdk.usage(10, asked.length),
        warnings: [],
        request: { body: 'the request' },
        response: { ...metadata(), headers: { 'x-request': `${asked.length}` }, body: 'the response' },
        ...extra,
      };
    },
    async doStream(params) {
      const { content, reason, parts } = await next(params);
      const all = [
        { type: 'stream-start', warnings: [] },
        { type: 'response-metadata', ...metadata() },
        ...(parts ?? content.flatMap(partsOf)),
        { type: 'finish', finishReason: sdk.finishReason(reason), usage: sdk.usage(10, asked.length) },
      ];
      return {
        stream: streamOf(parts === undefined ? all : parts),
        request: { body: 'the request' },
        response: { headers: { 'x-request': `${asked.length}` } },
      };
    },
  };
}

/** Streams parts one by one; one of type `throw` ends the stream with its error. */
function streamOf(parts: readonly Content[]): ReadableStream<Content> {
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      const part = parts[next];
      next += 1;
      if (part === undefined) controller.close();
      else if (part.type === 'throw') controller.error(part['error']);
      else controller.enqueue(part);
    },
  });
}

function partsOf(content: Content, place: number): Content[] {
  const id = `part-${place}`;
  const { type, text: words, ...rest } = content;
  if (type !== 'text' && type !== 'reasoning') return [content];
  const half = Math.ceil(String(words).length / 2);
  return [
    { type: `${type}-start`, id, ...rest },
    { type: `${type}-delta`, id, delta: String(words).slice(0, half) },
    { type: `${type}-delta`, id, delta: String(words).slice(half) },
    { type: `${type}-end`, id },
  ];
}

/** Is a model's wish to call a tool. */
export function toolCall(toolName: string, input: unknown, toolCallId: string): Content {
  return { type: 'tool-call', toolCallId, toolName, input: JSON.stringify(input) };
}

/** Is a model's answer in words. */
export function text(words: string): Reply {
  return { content: [{ type: 'text', text: words }] };
}
