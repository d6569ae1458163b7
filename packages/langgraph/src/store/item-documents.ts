import {
  InvalidOptionError,
  type DocumentChange,
  type DocumentStore,
  type KeyPage,
  type KeyPageRequest,
  type Store,
  type StoredDocument,
} from '@keepstep/core';
import { StateError } from '@keepstep/core/state';
import type { Item } from '@langchain/langgraph-checkpoint';
import { randomUUID } from 'node:crypto';

import { DurablePort } from '../durable-port.ts';
import { readValueText } from '../serializer/value-text.ts';
import { readItemKey } from './item-key.ts';

const SPACE = 'langgraph items';
const ITEM = 'i';
const VECTORS = 'v';
/** Bounds how many items are asked for, or kept alive, in one step. */
const STEP = 500;

/** Is an item that was found, and its vectors if they were asked for and there are any. */
export interface FoundItem {
  readonly itemKey: string;
  readonly document: StoredDocument;
  readonly vectors: string | undefined;
}

/** Says what becomes of an item; without a text it is deleted. */
export interface ItemChange {
  readonly itemKey: string;
  readonly text: string | undefined;
  readonly vectors: string | undefined;
}

/**
 * Keeps items as documents of one space, and the vectors of each in a document beside it, so that nobody reads vectors who does
 * not search by them. Both are changed in one step.
 */
export class ItemDocuments {
  readonly #port: DurablePort<DocumentStore>;
  readonly #ttlMs: number | undefined;

  /** @throws InvalidOptionError for a store that cannot keep state, as far as that is known before it is opened */
  constructor(store: Store, namespace: string, ttlMs: number | undefined) {
    if (typeof store?.state !== 'function') {
      throw new InvalidOptionError('store', store?.name ?? store, 'a store that keeps durable state');
    }
    const open = async (): Promise<DocumentStore> => {
      // It was there a moment ago.
      const state = await (store.state as NonNullable<Store['state']>)(namespace);
      return state.documents(SPACE);
    };
    this.#port = new DurablePort(open, { all: 'The items', one: 'an item', subject: 'place' });
    this.#ttlMs = ttlMs;
  }

  /** Returns items as they are at one moment, in the order of the keys. */
  async read(itemKeys: readonly string[]): Promise<readonly (FoundItem | undefined)[]> {
    if (itemKeys.length === 0) return [];
    const found = await this.#read(itemKeys, (key) => [ITEM + key]);
    return itemKeys.map((itemKey, place) => foundItem(itemKey, found[place], undefined));
  }

  /** Returns items with their vectors, as they are at one moment. */
  async readWithVectors(itemKeys: readonly string[]): Promise<readonly (FoundItem | undefined)[]> {
    if (itemKeys.length === 0) return [];
    const found = await this.#read(itemKeys, (key) => [ITEM + key, VECTORS + key]);
    return itemKeys.map((itemKey, place) => {
      const vectors = found[2 * place + 1]?.content;
      return foundItem(itemKey, found[2 * place], vectors?.form === 'value' ? vectors.text : undefined);
    });
  }

  /** Returns a page of the keys of items that are there. */
  async keys(namespace: readonly string[], { prefix, after, limit }: KeyPageRequest): Promise<KeyPage> {
    const request = { prefix: ITEM + prefix, after: after === undefined ? undefined : ITEM + after, limit };
    const { keys, more } = await this.#port.read(namespace.join('/'), (documents) => documents.keys(request));
    return { keys: keys.map((key) => key.slice(ITEM.length)), more };
  }

  /** Carries out changes of different items, all of them or none. */
  async change(changes: readonly ItemChange[]): Promise<void> {
    if (changes.length === 0) return;
    const set = (key: string, text: string | undefined): DocumentChange =>
      text === undefined
        ? { kind: 'delete', key }
        : { kind: 'set', key, content: { form: 'value', text }, ttlMs: this.#ttlMs };
    const itemKeys = changes.map(({ itemKey }) => itemKey);
    await this.#apply(
      itemKeys,
      changes.flatMap(({ itemKey, text, vectors }) => [set(ITEM + itemKey, text), set(VECTORS + itemKey, vectors)]),
    );
  }

  /** Lets items that are there stay for a whole time of life from now on. */
  async keepAlive(itemKeys: readonly string[]): Promise<void> {
    const ttlMs = this.#ttlMs;
    if (ttlMs === undefined) return;
    const touch = (key: string): DocumentChange => ({ kind: 'touch', key, ttlMs });
    for (let start = 0; start < itemKeys.length; start += STEP) {
      const some = itemKeys.slice(start, start + STEP);
      await this.#apply(
        some,
        some.flatMap((key) => [touch(ITEM + key), touch(VECTORS + key)]),
      );
    }
  }

  #read(
    itemKeys: readonly string[],
    keysOf: (itemKey: string) => readonly string[],
  ): Promise<readonly (StoredDocument | undefined)[]> {
    const keys = itemKeys.flatMap(keysOf);
    return this.#port.read(subjectOf(itemKeys), (documents) => documents.read(keys));
  }

  async #apply(itemKeys: readonly string[], changes: readonly DocumentChange[]): Promise<void> {
    // One id for all attempts: carried out or not, it is carried out once.
    const operation = randomUUID();
    await this.#port.change(subjectOf(itemKeys), (documents) => documents.apply(operation, changes));
  }
}

/**
 * Returns an item as LangGraph knows it.
 *
 * @throws StateError `data_corrupt` when what is stored was damaged
 */
export async function itemOf({ itemKey, document }: FoundItem): Promise<Item> {
  const { namespace, key } = readItemKey(itemKey);
  const { content, createdAt, updatedAt } = document;
  try {
    if (content.form !== 'value') throw new TypeError('It is no value.');
    const value = (await readValueText(content.text)) as Record<string, unknown>;
    return { namespace: [...namespace], key, value, createdAt: new Date(createdAt), updatedAt: new Date(updatedAt) };
  } catch (cause) {
    const subject = subjectOf([itemKey]);
    const message = `What the store holds cannot be read: ${subject}. ${cause instanceof Error ? cause.message : ''}`;
    throw new StateError('data_corrupt', message, { subject }, { cause });
  }
}

function foundItem(
  itemKey: string,
  document: StoredDocument | undefined,
  vectors: string | undefined,
): FoundItem | undefined {
  return document && { itemKey, document, vectors };
}

/** Names items in an error; the first ones are enough. */
function subjectOf(itemKeys: readonly string[]): string {
  const places = itemKeys.slice(0, 3).map((itemKey) => {
    const { namespace, key } = readItemKey(itemKey);
    return [...namespace, key].join('/');
  });
  return places.join(', ') + (itemKeys.length > places.length ? ', …' : '');
}
