import type { Duration } from '../duration.ts';
import type { PageOptions } from './data-options.ts';

/** Configures a chat. */
export interface ChatOptions {
  /** Names the user whose chat it is; it cannot be opened for another one. Default: nobody's. */
  readonly userId?: string;
  /** Is how long the chat stays after its last message. Default: for good. */
  readonly ttl?: Duration;
  /** Is how many messages the chat keeps, the newest ones. Default: 10 000. */
  readonly maxMessages?: number;
}

/** Asks for messages of a chat. */
export interface ChatReadOptions {
  /** Is how many of the newest messages there are at most. Default: all. */
  readonly last?: number;
  /** Is the id that the messages come after. Default: 0. */
  readonly after?: number;
}

/** Asks for chats. */
export interface ChatListOptions extends Pick<PageOptions, 'limit' | 'cursor'> {
  /** Names the user whose chats they are. Default: everybody. */
  readonly userId?: string;
}
