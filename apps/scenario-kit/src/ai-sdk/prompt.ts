import type {
  LanguageModelV4CallOptions,
  LanguageModelV4Message,
  LanguageModelV4ToolResultPart,
} from '@ai-sdk/provider';
import type { ModelMessage, ModelToolCall } from '@keepstep/core/testing';

import type { ModelTool } from '../models/chat-model.ts';

/** Reads the conversation out of what the AI SDK asks a model. */
export function conversationIn(prompt: readonly LanguageModelV4Message[]): ModelMessage[] {
  return prompt.flatMap(messagesIn);
}

/** Reads the tools out of what the AI SDK asks a model. */
export function toolsIn(tools: LanguageModelV4CallOptions['tools'] = []): ModelTool[] {
  return tools.flatMap((tool) => {
    if (tool.type !== 'function') return [];
    return [{ name: tool.name, description: tool.description ?? '', parameters: tool.inputSchema }];
  });
}

function messagesIn(message: LanguageModelV4Message): ModelMessage[] {
  switch (message.role) {
    case 'system':
      return [{ role: 'system', content: message.content }];
    case 'user':
      return [{ role: 'user', content: textIn(message.content) }];
    case 'assistant': {
      const toolCalls = message.content.flatMap((part): ModelToolCall[] => {
        if (part.type !== 'tool-call') return [];
        return [{ toolCallId: part.toolCallId, toolName: part.toolName, input: part.input }];
      });
      return [{ role: 'assistant', content: textIn(message.content), toolCalls }];
    }
    case 'tool':
      return message.content.flatMap((part) => (part.type === 'tool-result' ? [resultIn(part)] : []));
    default:
      return [];
  }
}

function textIn(parts: readonly { readonly type: string; readonly text?: string }[]): string {
  return parts.map(({ type, text = '' }) => (type === 'text' ? text : '')).join('');
}

function resultIn({ toolCallId, toolName, output }: LanguageModelV4ToolResultPart): ModelMessage {
  const failed = output.type === 'error-text' || output.type === 'error-json' || output.type === 'execution-denied';
  const value = 'value' in output ? output.value : (output.reason ?? 'denied');
  const content = failed && typeof value === 'string' ? value : JSON.stringify(value);
  return { role: 'tool', toolCallId, toolName, content, ...(failed && { failed }) };
}
