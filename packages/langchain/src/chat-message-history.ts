import { InvalidOptionError, type Duration } from '@keepstep/core';
import { checkNames } from '@keepstep/core/adapter';
import type { AgentState, Chat, ChatListOptions } from '@keepstep/core/state';
import { BaseListChatMessageHistory } from '@langchain/core/chat_history';
import type { BaseMessage, StoredMessage, UsageMetadata } from '@langchain/core/messages';

import { keptMessage, revivedMessage } from './kept-message.ts';

/** Says which chat a history is of, and how much of it is kept and read. */
export interface ChatMessageHistoryOptions {
  /** Keeps the chat: what `createAgentState` returns. */
  readonly state: AgentState;
  /** Names the chat. */
  readonly sessionId: string;
  /** Names the user whose chat it is; it cannot be opened for another one. Default: nobody's. */
  readonly userId?: string;
  /** Is how long the chat stays after its last message. Default: for good. */
  readonly ttl?: Duration;
  /** Is how many messages the chat keeps, the newest ones. Default: 10 000. */
  readonly maxMessages?: number;
  /**
   * Is how many of the newest messages are read at most. Answers of tools at its beginning are left out: models refuse them
   * without the call that they answer. Default: all.
   */
  readonly window?: number;
}

/** Says how much is kept of a chat. */
export interface ChatFacts {
  /** Counts the messages. */
  readonly messages: number;
  /** Adds up the tokens that models have reported with their messages. */
  readonly tokens: { readonly input: number; readonly output: number; readonly total: number };
  /** Is when the newest message was added; undefined for an empty chat. */
  readonly lastActiveAt: Date | undefined;
}

/** Is a chat of a user. */
export interface ListedChat {
  readonly sessionId: string;
  readonly userId: string | undefined;
}

/**
 * Keeps the messages of a chat, for `RunnableWithMessageHistory` and everything else that takes a history.
 *
 * Messages come back with all their fields. Unlike a cache it fails when its store does: what is not kept is not forgotten
 * in silence.
 *
 * @throws InvalidOptionError for an option that is not allowed
 */
export class KeepstepChatMessageHistory extends BaseListChatMessageHistory {
  lc_namespace: string[] = ['keepstep', 'langchain'];
  readonly #chat: Chat<StoredMessage>;
  readonly #last: { readonly last?: number };

  constructor(options: ChatMessageHistoryOptions) {
    super();
    checkNames(options, OPTIONS);
    const { state, sessionId, window, ...rest } = options;
    checkState(state);
    if (!(window === undefined || (Number.isInteger(window) && window > 0)))
      throw new InvalidOptionError('window', window, 'a whole number from 1');
    this.#chat = state.chat(sessionId, rest);
    this.#last = window === undefined ? {} : { last: window };
  }

  /** Returns a page of chats, sorted by their ids: those of a user, or all. */
  static async list(
    state: AgentState,
    options?: ChatListOptions,
  ): Promise<{ readonly chats: readonly ListedChat[]; readonly cursor: string | undefined }> {
    checkState(state);
    const { chats, cursor } = await state.chats.list(options);
    return { chats: chats.map(({ id, userId }) => ({ sessionId: id, userId })), cursor };
  }

  /** Returns the messages, oldest first: all that are kept, or those of the window. */
  override async getMessages(): Promise<BaseMessage[]> {
    const kept = await this.#chat.messages(this.#last);
    const isCut = this.#last.last !== undefined && kept.length === this.#last.last;
    const begin = isCut ? kept.findIndex(({ type }) => type !== 'tool') : 0;
    return begin < 0 ? [] : kept.slice(begin).map(revivedMessage);
  }

  override addMessage(message: BaseMessage): Promise<void> {
    return this.addMessages([message]);
  }

  /**
   * Adds messages one after the other, with nothing between them.
   *
   * @throws InvalidOptionError for a message that does not come back, such as a `RemoveMessage`
   */
  override async addMessages(messages: BaseMessage[]): Promise<void> {
    if (messages.length > 0) await this.#chat.append(...messages.map(lastingMessage));
  }

  /** Removes the chat with all its messages. */
  override async clear(): Promise<void> {
    await this.#chat.delete();
  }

  /** Tells how much is kept, whatever the window. */
  async facts(): Promise<ChatFacts> {
    const entries = await this.#chat.entries();
    const usages = entries.map(({ message }) => (message.data as { usage_metadata?: UsageMetadata }).usage_metadata);
    const sum = (name: 'input_tokens' | 'output_tokens' | 'total_tokens'): number =>
      usages.reduce((total, usage) => total + (usage?.[name] ?? 0), 0);
    return {
      messages: entries.length,
      tokens: { input: sum('input_tokens'), output: sum('output_tokens'), total: sum('total_tokens') },
      lastActiveAt: entries.at(-1)?.at,
    };
  }
}

const OPTIONS: readonly string[] = [
  'state',
  'sessionId',
  'userId',
  'ttl',
  'maxMessages',
  'window',
] satisfies (keyof ChatMessageHistoryOptions)[];

/** Returns a message as it is kept. One that cannot be made again would keep the chat from being read. */
function lastingMessage(message: BaseMessage): StoredMessage {
  const kept = keptMessage(message);
  try {
    revivedMessage(kept);
  } catch {
    throw new InvalidOptionError('message', message.type, 'a message that LangChain makes from its data');
  }
  return kept;
}

function checkState(state: AgentState): void {
  if (typeof state?.chat !== 'function') throw new InvalidOptionError('state', state, 'what createAgentState returns');
}
