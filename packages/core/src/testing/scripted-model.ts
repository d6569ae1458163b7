import { KeepstepError } from '../errors.ts';

/** Is one call of a tool that a model asks for. */
export interface ModelToolCall {
  /** Ties the call to the message with its result. */
  readonly toolCallId: string;
  readonly toolName: string;
  /** Holds the arguments as the model wrote them; nobody has checked them yet. */
  readonly input: unknown;
}

/** Is one message of a conversation, in no framework's own form. */
export type ModelMessage =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | { readonly role: 'assistant'; readonly content: string; readonly toolCalls: readonly ModelToolCall[] }
  | {
      readonly role: 'tool';
      readonly toolCallId: string;
      readonly toolName: string;
      /** Is what the model sees: the result as JSON, or the message of the error. */
      readonly content: string;
      /** Tells that the call failed or was refused. */
      readonly failed?: boolean;
    };

/** Is what a policy decides to do next: call tools, or answer. */
export interface ModelTurn {
  /** Is what the model says, beside its calls or as its answer. */
  readonly text?: string;
  /** Lists the calls to make, side by side; none means that the text is the answer. */
  readonly calls?: readonly { readonly toolName: string; readonly input: unknown }[];
}

/** Is what a model answers to a conversation. */
export interface ModelReply {
  readonly text: string;
  readonly toolCalls: readonly ModelToolCall[];
}

/**
 * Decides the next turn from the conversation so far.
 *
 * A policy keeps nothing between two turns: what it knows, it reads from the messages. So it takes another path when a
 * tool fails or returns something else, one policy can serve many conversations, and a conversation that was stored goes
 * on where it stopped.
 */
export type ScriptedPolicy = (messages: readonly ModelMessage[]) => ModelTurn;

/** Is one request that a scripted model has answered. */
export interface ModelRequest {
  /** Holds the conversation as it was then. */
  readonly messages: readonly ModelMessage[];
  readonly reply: ModelReply;
}

/** Is a model that follows a policy, offline and always in the same way. */
export interface ScriptedModel {
  /** Answers a conversation. */
  next(messages: readonly ModelMessage[]): Promise<ModelReply>;
  /** Lists the requests so far, oldest first. */
  calls(): readonly ModelRequest[];
}

/** Configures a scripted model. */
export interface ScriptedModelOptions {
  /** Returns the id of the next tool call. Default: `call_1`, `call_2` and so on. */
  readonly nextToolCallId?: () => string;
}

/**
 * Creates a model that follows a policy, for tests and samples that run without a network.
 *
 * ```ts
 * const model = scriptedModel((messages) => {
 *   const [cart] = toolResults(messages, 'get_cart');
 *   if (cart === undefined) return { calls: [{ toolName: 'get_cart', input: { userId: 'user_1' } }] };
 *   return { text: `Your cart comes to ${cart.value.total}.` };
 * });
 * ```
 */
export function scriptedModel(policy: ScriptedPolicy, options: ScriptedModelOptions = {}): ScriptedModel {
  const { nextToolCallId = countedIds() } = options;
  const requests: ModelRequest[] = [];
  return {
    async next(messages) {
      // The caller goes on to add to its list, and a record must not change with it.
      const asked = [...messages];
      const { text = '', calls = [] } = policy(asked);
      const toolCalls = calls.map(({ toolName, input }) => ({ toolCallId: nextToolCallId(), toolName, input }));
      const reply: ModelReply = { text, toolCalls };
      requests.push({ messages: asked, reply });
      return reply;
    },
    calls: () => [...requests],
  };
}

/**
 * Creates a policy that takes the given turns one after the other, whatever the tools return.
 *
 * Where the conversation stands is counted in its own messages: one assistant message is one turn.
 */
export function scriptedTurns(turns: readonly ModelTurn[]): ScriptedPolicy {
  return (messages) => {
    const taken = messages.filter(({ role }) => role === 'assistant').length;
    const turn = turns[taken];
    if (turn === undefined) {
      const message = `The script has ${turns.length} turns and is asked for turn ${taken + 1}.`;
      throw new KeepstepError('invalid_argument', message);
    }
    return turn;
  };
}

/** Is what became of one tool call in a conversation. */
export interface ToolResult extends ModelToolCall {
  readonly failed: boolean;
  /** Is the text that the model sees. */
  readonly content: string;
  /** Is the content read as JSON; the text itself where it is none. */
  readonly value: any;
}

/** Lists the tool calls of a conversation that have a result, oldest first: of all tools, or of one. */
export function toolResults(messages: readonly ModelMessage[], toolName?: string): readonly ToolResult[] {
  const inputs = new Map<string, unknown>();
  const results: ToolResult[] = [];
  for (const message of messages) {
    if (message.role === 'assistant') {
      for (const { toolCallId, input } of message.toolCalls) inputs.set(toolCallId, input);
    } else if (message.role === 'tool' && (toolName === undefined || message.toolName === toolName)) {
      const { toolCallId, content, failed = false } = message;
      const input = inputs.get(toolCallId);
      results.push({ toolCallId, toolName: message.toolName, input, failed, content, value: parse(content) });
    }
  }
  return results;
}

function countedIds(): () => string {
  let count = 0;
  return () => `call_${(count += 1)}`;
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return content;
  }
}
