import type { ModelMessage, ModelToolCall } from '@keepstep/core/testing';

import type { ChatModel, ModelTool } from './chat-model.ts';
import { postJson } from './post-json.ts';

/** Says which model to ask, and where. */
export interface OpenAiModelOptions {
  /** Is the address of the API, for example `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  /** Is left out for servers that want none, such as Ollama. */
  readonly apiKey?: string;
  readonly model: string;
}

interface ChatCompletion {
  readonly choices: readonly {
    readonly message: {
      readonly content: string | null;
      readonly tool_calls?: readonly {
        readonly id: string;
        readonly function: { readonly name: string; readonly arguments: string };
      }[];
    };
  }[];
}

/** Creates a model behind the chat-completions API of OpenAI, which many other servers speak too. */
export function openAiModel({ baseUrl, apiKey, model }: OpenAiModelOptions): ChatModel {
  return {
    async next(messages, { tools, mayCallTools = true }) {
      const completion = (await postJson(
        `${baseUrl}/chat/completions`,
        apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
        {
          model,
          messages: messages.map(toOpenAiMessage),
          tools: tools.map(toOpenAiTool),
          tool_choice: mayCallTools ? 'auto' : 'none',
        },
      )) as ChatCompletion;
      const { content, tool_calls = [] } = completion.choices[0]!.message;
      return {
        text: content ?? '',
        toolCalls: tool_calls.map(({ id, function: { name, arguments: json } }) => fromOpenAiCall(id, name, json)),
      };
    },
  };
}

function toOpenAiMessage(message: ModelMessage): object {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.toolCallId, content: message.content };
  if (message.role !== 'assistant' || message.toolCalls.length === 0)
    return { role: message.role, content: message.content };
  const calls = message.toolCalls.map(({ toolCallId, toolName, input }) => ({
    id: toolCallId,
    type: 'function',
    function: { name: toolName, arguments: JSON.stringify(input) },
  }));
  return { role: 'assistant', content: message.content, tool_calls: calls };
}

function toOpenAiTool({ name, description, parameters }: ModelTool): object {
  return { type: 'function', function: { name, description, parameters } };
}

function fromOpenAiCall(toolCallId: string, toolName: string, json: string): ModelToolCall {
  try {
    return { toolCallId, toolName, input: JSON.parse(json) };
  } catch {
    // The tool refuses it in words that the model can use.
    return { toolCallId, toolName, input: json };
  }
}
