import type { ModelMessage } from '@keepstep/core/testing';
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from '@langchain/core/language_models/chat_models';
import { AIMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import type { ChatResult } from '@langchain/core/outputs';
import { convertToOpenAITool } from '@langchain/core/utils/function_calling';

import type { ChatModel, TurnOptions } from '../models/chat-model.ts';

/** Hands a model of the samples, scripted or real, to LangChain. */
export function languageModel(model: ChatModel): BaseChatModel {
  return new ScenarioModel(model);
}

class ScenarioModel extends BaseChatModel {
  readonly #model: ChatModel;
  readonly #turn: TurnOptions;

  constructor(model: ChatModel, turn: TurnOptions = { tools: [] }) {
    super({});
    this.#model = model;
    this.#turn = turn;
  }

  override _llmType(): string {
    return 'scenario-kit';
  }

  override bindTools(tools: BindToolsInput[], options: Partial<BaseChatModelCallOptions> = {}): ScenarioModel {
    const described = tools.map((tool) => {
      const { function: own } = convertToOpenAITool(tool as never);
      return { name: own.name, description: own.description ?? '', parameters: own.parameters ?? {} };
    });
    return new ScenarioModel(this.#model, {
      tools: described,
      ...(options.tool_choice === 'none' && { mayCallTools: false }),
    });
  }

  override async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    const { text, toolCalls } = await this.#model.next(messages.map(modelMessage), this.#turn);
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
