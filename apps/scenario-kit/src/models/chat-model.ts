import type { ModelMessage, ModelReply } from '@keepstep/core/testing';

/** Describes a tool to a model. */
export interface ModelTool {
  readonly name: string;
  readonly description: string;
  /** Is the JSON Schema of the input. */
  readonly parameters: object;
}

/** Says what a model may do in a turn. */
export interface TurnOptions {
  readonly tools: readonly ModelTool[];
  /** Lets the model call tools; without it, it has to answer with what it knows. Default: true. */
  readonly mayCallTools?: boolean;
}

/** Is whatever decides the next turn of a conversation: a script or a real model. */
export interface ChatModel {
  next(messages: readonly ModelMessage[], options: TurnOptions): Promise<ModelReply>;
}
