import type { LanguageModelV4, LanguageModelV4Content, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { ModelReply } from '@keepstep/core/testing';

import type { ChatModel } from '../models/chat-model.ts';
import { conversationIn, toolsIn } from './prompt.ts';

/** Is a model of the samples, as the AI SDK wants it. */
export type ChatLanguageModel = LanguageModelV4;

type CallOptions = Parameters<LanguageModelV4['doGenerate']>[0];
type Finish = Pick<Extract<LanguageModelV4StreamPart, { type: 'finish' }>, 'finishReason' | 'usage'>;

// Nobody counts tokens here: a script has none.
const UNCOUNTED: Finish['usage'] = {
  inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: undefined, text: undefined, reasoning: undefined },
};

/** Hands a model of the samples, scripted or real, to the AI SDK. */
export function languageModel(model: ChatModel, name: string): ChatLanguageModel {
  const ask = ({ prompt, tools, toolChoice }: CallOptions): Promise<ModelReply> =>
    model.next(conversationIn(prompt), { tools: toolsIn(tools), mayCallTools: toolChoice?.type !== 'none' });
  return {
    specificationVersion: 'v4',
    provider: 'scenario-kit',
    modelId: name,
    supportedUrls: {},
    async doGenerate(options) {
      const reply = await ask(options);
      return { content: contentOf(reply), ...finishOf(reply), warnings: [] };
    },
    async doStream(options) {
      const reply = await ask(options);
      return { stream: ReadableStream.from<LanguageModelV4StreamPart>(partsOf(reply)) };
    },
  };
}

function contentOf({ text, toolCalls }: ModelReply): LanguageModelV4Content[] {
  return [
    ...(text === '' ? [] : [{ type: 'text', text } as const]),
    ...toolCalls.map(({ toolCallId, toolName, input }) => {
      const json = typeof input === 'string' ? input : JSON.stringify(input);
      return { type: 'tool-call', toolCallId, toolName, input: json } as const;
    }),
  ];
}

function finishOf({ toolCalls }: ModelReply): Finish {
  return { finishReason: { unified: toolCalls.length > 0 ? 'tool-calls' : 'stop', raw: undefined }, usage: UNCOUNTED };
}

/** Streams a reply word by word. */
function* partsOf(reply: ModelReply): Generator<LanguageModelV4StreamPart> {
  yield { type: 'stream-start', warnings: [] };
  for (const content of contentOf(reply)) {
    if (content.type === 'text') {
      yield { type: 'text-start', id: 'text' };
      for (const delta of content.text.match(/\s*\S+|\s+$/g) ?? []) yield { type: 'text-delta', id: 'text', delta };
      yield { type: 'text-end', id: 'text' };
    } else if (content.type === 'tool-call') yield content;
  }
  yield { type: 'finish', ...finishOf(reply) };
}
