import type { BaseMessage } from '@langchain/core/messages';
import { convertToOpenAITool, isLangChainTool } from '@langchain/core/utils/function_calling';

import { keptMessage } from './kept-message.ts';

/** Is as much of a model as tells it from others. */
interface AnyModel {
  readonly bound?: AnyModel;
  readonly kwargs?: unknown;
  readonly lc_serializable?: boolean;
  /** Names the settings that the configuration of a call may choose, as models of `initChatModel` have them. */
  readonly _configurableFields?: 'any' | readonly string[];
  readonly _configPrefix?: string;
  toJSON?(): unknown;
  _llmType?(): string;
  _identifyingParams?(): unknown;
}

/** Is what an agent asks of a model, in every version of LangChain. */
export interface ModelQuestion {
  readonly model: AnyModel;
  readonly messages: readonly BaseMessage[];
  readonly systemMessage?: BaseMessage | undefined;
  readonly systemPrompt?: string | undefined;
  readonly tools?: readonly unknown[] | undefined;
  readonly toolChoice?: unknown;
  readonly modelSettings?: unknown;
  readonly runtime: { readonly configurable?: Readonly<Record<string, unknown>> | undefined };
}

const instances = new WeakMap<object, string>();

/** Returns everything that the answer of a model depends on. What cannot be told apart by it is asked past the cache. */
export function modelIdentity(question: ModelQuestion): object {
  const { model, messages, systemMessage, systemPrompt, tools = [], toolChoice, modelSettings, runtime } = question;
  return {
    model: identityOf(model),
    chosen: chosenOf(model, runtime.configurable),
    messages: messages.map(messageIdentity),
    system: systemMessage === undefined ? systemPrompt : messageIdentity(systemMessage),
    tools: tools.map((tool) => (isLangChainTool(tool) ? [convertToOpenAITool(tool), extrasOf(tool)] : tool)),
    toolChoice,
    modelSettings,
  };
}

/** Names a model by all its settings; one that does not tell them is like no other. */
function identityOf(model: AnyModel): unknown {
  if (model.bound !== undefined) return { bound: identityOf(model.bound), kwargs: model.kwargs };
  return {
    type: model._llmType?.(),
    parameters: model._identifyingParams?.(),
    settings: model.lc_serializable === true ? model.toJSON?.() : instanceId(model),
  };
}

/** Returns the settings of a model that the configuration of a call has chosen. */
function chosenOf(model: AnyModel, configurable: Readonly<Record<string, unknown>> = {}): unknown {
  if (model.bound !== undefined) return chosenOf(model.bound, configurable);
  const { _configurableFields: fields, _configPrefix: prefix = '' } = model;
  if (fields === undefined) return undefined;
  const chosen = Object.entries(configurable).filter(
    ([name]) =>
      name.startsWith(prefix) &&
      !name.startsWith(INTERNAL) &&
      (fields === 'any' || fields.includes(name.slice(prefix.length))),
  );
  return Object.fromEntries(chosen);
}

/** Begins the names of what LangGraph itself passes in the configuration. */
const INTERNAL = '__';

function instanceId(model: object): string {
  const id = instances.get(model) ?? crypto.randomUUID();
  instances.set(model, id);
  return id;
}

/** Names a message by what a model sees of it. Ids are made at random, and artifacts stay with the program. */
function messageIdentity(message: BaseMessage): unknown {
  const { type, data } = keptMessage(message);
  const { id: _id, artifact: _artifact, ...seen } = data as unknown as Readonly<Record<string, unknown>>;
  return { type, seen };
}

function extrasOf(tool: unknown): unknown {
  return (tool as { extras?: unknown }).extras;
}
