import type { ModelMessage } from '@keepstep/core/testing';
import { BaseChatModel, type BindToolsInput } from '@langchain/core/language_models/chat_models';
import { AIMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import type { ChatResult } from '@langchain/core/outputs';
import { convertToOpenAITool } from '@langchain/core/utils/function_calling';

import type { ChatModel, ModelTool } from '../models/chat-model.ts';

/** Hands a model of the samples, scripted or real, to LangChain. */
export function languageModel(model: ChatModel): BaseChatModel {
  return new ScenarioModel(model);
}

class ScenarioModel extends BaseChatModel {
  readonly #model: ChatModel;
  readonly #tools: readonly ModelTool[];

  constructor(model: ChatModel, tools: readonly ModelTool[] = []) {
    super({});
    this.#model = model;
    this.#tools = tools;
  }

  override _llmType(): string {
    return 'scenario-kit';
  }

  override bindTools(tools: BindToolsInput[]): ScenarioModel {
    const described = tools.map((tool) => {
      const { function: own } = convertToOpenAITool(tool as never);
      return { name: own.name, description: own.description ?? '', parameters: own.parameters ?? {} };
    });
    return new ScenarioModel(this.#model, described);
  }

  override async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    const { text, toolCalls } = await this.#model.next(messages.map(modelMessage), { tools: this.#tools });
    const calls = toolCalls.map(({ toolCallId, toolName, input }) => ({
      id: toolCallId,
      name: toolName,
      args: input as Record<string, unknown>,
    }));
    const message = new AIMessage({ content: text, tool_calls: calls });
    return { generations: [{ text, message }] };
  }
}

function modelMessage(message: BaseMessage): ModelMessage {
  const { text: content } = message;
  if (ToolMessage.isInstance(message)) {
    const { tool_call_id: toolCallId, name: toolName = '', status } = message;
    return { role: 'tool', toolCallId, toolName, content, failed: status === 'error' };
  }
  if (!AIMessage.isInstance(message)) return { role: message.type === 'system' ? 'system' : 'user', content };
  const toolCalls = (message.tool_calls ?? []).map(({ id = '', name, args }) => ({
    toolCallId: id,
    toolName: name,
    input: args,
  }));
  return { role: 'assistant', content, toolCalls };
}
