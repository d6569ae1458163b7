import type { ModelMessage } from '@keepstep/core/testing';

import type { ChatModel, ModelTool } from './chat-model.ts';
import { postJson } from './post-json.ts';

/** Says which model to ask, and where. */
export interface AnthropicModelOptions {
  /** Is the address of the API, for example `https://api.anthropic.com`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly model: string;
}

type Block =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: unknown }
  | {
      readonly type: 'tool_result';
      readonly tool_use_id: string;
      readonly content: string;
      readonly is_error: boolean;
    };

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: Block[];
}

/** Creates a model behind the messages API of Anthropic. */
export function anthropicModel({ baseUrl, apiKey, model }: AnthropicModelOptions): ChatModel {
  return {
    async next(messages, { tools, mayCallTools = true }) {
      const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
      const reply = (await postJson(
        `${baseUrl}/v1/messages`,
        { 'x-api-key': apiKey, 'anthropic-version': '2023-06-01' },
        {
          model,
          max_tokens: 2048,
          ...(system.length > 0 && { system: system.join('\n\n') }),
          messages: toTurns(messages),
          tools: tools.map(toAnthropicTool),
          tool_choice: { type: mayCallTools ? 'auto' : 'none' },
        },
      )) as { readonly content: readonly Block[] };
      return {
        text: reply.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join(''),
        toolCalls: reply.content.flatMap((block) =>
          block.type === 'tool_use' ? [{ toolCallId: block.id, toolName: block.name, input: block.input }] : [],
        ),
      };
    },
  };
}

/** Brings messages of the same side together: the API wants the two sides to take turns, with all results in one. */
function toTurns(messages: readonly ModelMessage[]): Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    if (message.role === 'system') continue;
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...toBlocks(message));
    else turns.push({ role, content: toBlocks(message) });
  }
  return turns;
}

function toBlocks(message: ModelMessage): Block[] {
  if (message.role === 'tool') {
    const { toolCallId, content, failed = false } = message;
    return [{ type: 'tool_result', tool_use_id: toolCallId, content, is_error: failed }];
  }
  // An empty text is refused.
  const said: Block[] = message.content === '' ? [] : [{ type: 'text', text: message.content }];
  const calls = message.role === 'assistant' ? message.toolCalls : [];
  return [
    ...said,
    ...calls.map(({ toolCallId, toolName, input }): Block => ({
      type: 'tool_use',
      id: toolCallId,
      name: toolName,
      input,
    })),
  ];
}

function toAnthropicTool({ name, description, parameters }: ModelTool): object {
  return { name, description, input_schema: parameters };
}
