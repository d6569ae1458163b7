import { parseDuration } from '../duration.ts';
import { sessionConflict } from '../errors.ts';
import { checkArgument, checkCount, checkKnown, checkText } from '../option-checks.ts';
import type { StateStore } from '../store/state-store.ts';
import type { ChatDirectory, ChatListing } from './chat-directory.ts';
import type { ChatOptions, ChatReadOptions } from './chat-options.ts';
import type { LogTrimOptions } from './log-options.ts';
import { EventLog } from './event-log.ts';
import type { StatePorts } from './state-ports.ts';

/** Is a message of a chat, with its place in it. */
export interface ChatEntry<Message = unknown> {
  readonly id: number;
  readonly at: Date;
  readonly message: Message;
}

/**
 * Keeps the messages of one conversation, in order.
 *
 * @see docs/chats.md
 */
export class Chat<Message = unknown> {
  readonly id: string;
  readonly #directory: ChatDirectory;
  readonly #log: EventLog;
  readonly #userId: string | undefined;
  readonly #ttlMs: number | undefined;
  #isListed = false;
  #listedUserId: string | undefined;

  constructor(ports: StatePorts, directory: ChatDirectory, id: string, options: ChatOptions) {
    checkArgument(typeof id === 'string' && id !== '', 'id', id, 'a text that is not empty');
    checkKnown(options, ['userId', 'ttl', 'maxMessages']);
    const { userId, ttl, maxMessages = 10_000 } = options;
    this.id = id;
    this.#directory = directory;
    this.#userId = userId === undefined ? undefined : checkText(userId, 'userId');
    this.#ttlMs = ttl === undefined ? undefined : parseDuration(ttl, 'ttl');
    const bounds = { maxLength: checkCount(maxMessages, 'maxMessages', 1), ...(ttl !== undefined && { ttl }) };
    // A log would redact; what people say is kept as it is, or not at all.
    const port = { name: `of chat ${id}`, portOf: (state: StateStore) => state.log(`chat:${id}`), redacts: false };
    this.#log = new EventLog(ports, port, bounds);
  }

  /**
   * Appends messages one after the other, with nothing between them, and returns their ids.
   *
   * @throws KeepstepError `session_conflict` when the chat belongs to another user
   */
  async append(...messages: readonly Message[]): Promise<readonly number[]> {
    const events = messages.map((message) => ({ type: 'message', data: message }));
    if (!this.#isListed) await this.#enlist();
    const [ids, isListed] = await Promise.all([
      this.#log.appendMany(events),
      this.#ttlMs === undefined ? true : this.#directory.prolong(this.id, this.#listedUserId, this.#ttlMs),
    ]);
    if (!isListed) await this.#enlist();
    return ids;
  }

  /**
   * Returns messages, oldest first: all that are kept, or the last ones.
   *
   * @throws KeepstepError `session_conflict` when the chat belongs to another user
   */
  async messages(options: ChatReadOptions = {}): Promise<readonly Message[]> {
    return (await this.entries(options)).map(({ message }) => message);
  }

  /**
   * Returns messages with their ids and times, oldest first.
   *
   * @throws KeepstepError `session_conflict` when the chat belongs to another user
   */
  async entries(options: ChatReadOptions = {}): Promise<readonly ChatEntry<Message>[]> {
    checkKnown(options, ['last', 'after']);
    const { last = Infinity, after = 0 } = options;
    const limit = checkCount(last, 'last', 1);
    const [events] = await Promise.all([this.#log.read<Message>({ after, limit, reverse: true }), this.#checkUser()]);
    return events.toReversed().map(({ id, at, data }) => ({ id, at, message: data }));
  }

  /** Counts the messages that are kept. */
  async count(): Promise<number> {
    const [{ count }] = await Promise.all([this.#log.size(), this.#checkUser()]);
    return count;
  }

  /** Removes the oldest messages, and returns how many. */
  async trim(options: LogTrimOptions): Promise<number> {
    await this.#checkUser();
    return this.#log.trim(options);
  }

  /** Returns what is noted about the chat; with changes, after merging them in. A field that is `undefined` goes. */
  async meta(changes?: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
    if (changes === undefined) {
      const listing = await this.#directory.read(this.id);
      this.#checkOwner(listing);
      return listing?.meta ?? {};
    }
    checkArgument(typeof changes === 'object' && changes !== null, 'changes', changes, 'an object');
    await this.#enlist();
    return this.#directory.merge(this.id, changes);
  }

  /** Removes the chat with all it holds, and tells whether it was there. */
  async delete(): Promise<boolean> {
    await this.#checkUser();
    this.#isListed = false;
    const wasListed = await this.#directory.remove(this.id);
    return (await this.#log.delete()) || wasListed;
  }

  /** Makes sure that the chat is no other user's, where the user is known. */
  async #checkUser(): Promise<void> {
    if (this.#userId !== undefined) this.#checkOwner(await this.#directory.read(this.id));
  }

  #checkOwner(listing: ChatListing | undefined): void {
    const isAnothers = listing !== undefined && this.#userId !== undefined && listing.userId !== this.#userId;
    if (isAnothers) throw sessionConflict(this.id);
  }

  async #enlist(): Promise<void> {
    const listing = await this.#directory.enlist(this.id, this.#userId, this.#ttlMs);
    this.#checkOwner(listing);
    const { userId } = listing;
    this.#isListed = true;
    this.#listedUserId = userId;
  }
}
