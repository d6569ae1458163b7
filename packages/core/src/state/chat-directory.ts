import { lengthPrefixed } from '../codec/length-prefixed.ts';
import { checkText } from '../option-checks.ts';
import type { ApplyResult, DocumentChange, DocumentContent, DocumentStore } from '../store/document-store.ts';
import type { StateStore } from '../store/state-store.ts';
import type { ChatListOptions } from './chat-options.ts';
import { cursorOf, pageRequest } from './page-request.ts';
import { refusedChange } from './refused-change.ts';
import type { StatePorts } from './state-ports.ts';
import { TurnQueue } from './turn-queue.ts';
import { contentOf, valueOfContent } from './value-text.ts';

const SPACE = 'chats';
const ATTEMPTS = 32;

/** Is what is known about a chat beside its messages. */
export interface ChatListing {
  readonly id: string;
  readonly userId: string | undefined;
  readonly meta: Readonly<Record<string, unknown>>;
}

/** Knows which chats there are and whose they are. A chat has a document of its own, and one more in the list of its user. */
export class ChatDirectory {
  readonly #ports: StatePorts;
  readonly #turns = new TurnQueue();

  constructor(ports: StatePorts) {
    this.#ports = ports;
  }

  /** Returns a page of chats, sorted by their ids. */
  async list(
    options: ChatListOptions = {},
  ): Promise<{ readonly chats: readonly ChatListing[]; readonly cursor: string | undefined }> {
    const { userId, ...page } = options;
    const prefix = userId === undefined ? chatKey('') : userKey(checkText(userId, 'userId'), '');
    const { limit, after } = pageRequest(page);
    const request = { prefix, limit, after };
    const found = await this.#ports.read('chats', (state) => documentsOf(state).keys(request));
    const ids = found.keys.map((key) => key.slice(prefix.length));
    const listed = await Promise.all(ids.map((id) => this.read(id)));
    return { chats: listed.filter((chat) => chat !== undefined), cursor: cursorOf(found) };
  }

  async read(id: string): Promise<ChatListing | undefined> {
    return (await this.#find(id))?.listing;
  }

  /** Makes sure that the chat is known, and returns what is known about it. */
  async enlist(id: string, userId: string | undefined, ttlMs: number | undefined): Promise<ChatListing> {
    const found = await this.read(id);
    if (found !== undefined) return found;
    const listing: ChatListing = { id, userId, meta: {} };
    const changes: DocumentChange[] = [
      { kind: 'set', key: chatKey(id), content: this.#content(listing), ttlMs, expectedVersion: 0 },
      { kind: 'set', key: userKey(userId, id), content: { form: 'number', number: 1 }, ttlMs },
    ];
    const { kind } = await this.#apply(id, changes);
    return kind === 'applied' ? listing : this.enlist(id, userId, ttlMs);
  }

  /** Lets the chat stay for longer, and tells whether it is known. */
  async prolong(id: string, userId: string | undefined, ttlMs: number): Promise<boolean> {
    const keys = [chatKey(id), userKey(userId, id)];
    const result = await this.#apply(
      id,
      keys.map((key) => ({ kind: 'touch', key, ttlMs })),
    );
    return result.kind === 'applied' && result.changes.every(({ existed }) => existed);
  }

  /** Merges what is noted about a chat, and returns all of it. */
  async merge(id: string, changes: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
    return this.#turns.run(id, async () => {
      for (let attempt = 1; ; attempt += 1) {
        const found = await this.#find(id);
        const listing = found?.listing ?? { id, userId: undefined, meta: {} };
        const merged = Object.entries({ ...listing.meta, ...changes }).filter(([, value]) => value !== undefined);
        const meta = Object.fromEntries(merged);
        const content = this.#content({ ...listing, meta });
        const set = {
          kind: 'set',
          key: chatKey(id),
          content,
          keep: true,
          expectedVersion: found?.version ?? 0,
        } as const;
        const result = await this.#apply(id, [set]);
        if (result.kind === 'applied') return meta;
        if (attempt === ATTEMPTS) throw refusedChange(result);
      }
    });
  }

  /** Forgets a chat, and tells whether it was known. */
  async remove(id: string): Promise<boolean> {
    const found = await this.read(id);
    if (found === undefined) return false;
    const keys = [chatKey(id), userKey(found.userId, id)];
    await this.#apply(
      id,
      keys.map((key) => ({ kind: 'delete', key })),
    );
    return true;
  }

  async #find(id: string): Promise<{ readonly listing: ChatListing; readonly version: number } | undefined> {
    const [document] = await this.#ports.read(`chat ${id}`, (state) => documentsOf(state).read([chatKey(id)]));
    if (document === undefined) return undefined;
    return {
      listing: valueOfContent(document.content, `chat ${id}`) as ChatListing,
      version: document.version,
    };
  }

  #content(listing: ChatListing): DocumentContent {
    return contentOf(listing, this.#ports.rules, `the notes of chat ${listing.id}`);
  }

  #apply(id: string, changes: readonly DocumentChange[]): Promise<ApplyResult> {
    return this.#ports.change(`chat ${id}`, (state, operation) => documentsOf(state).apply(operation, changes));
  }
}

function documentsOf(state: StateStore): DocumentStore {
  return state.documents(SPACE);
}

function chatKey(id: string): string {
  return `chat:${id}`;
}

function userKey(userId: string | undefined, id: string): string {
  return `user:${lengthPrefixed(userId ?? '')}${id}`;
}
