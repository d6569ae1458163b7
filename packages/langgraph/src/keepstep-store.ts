import {
  InvalidOptionError,
  memoryStore,
  parseDuration,
  storeFromUrl,
  type Duration,
  type Store,
} from '@keepstep/core';
import { checkNames } from '@keepstep/core/adapter';
import { BaseStore, type Operation, type OperationResults } from '@langchain/langgraph-checkpoint';

import { ItemDocuments, itemOf, type FoundItem } from './store/item-documents.ts';
import { searchItems, type SearchHit } from './store/item-search.ts';
import { listNamespaces } from './store/namespace-listing.ts';
import { readOperation, type DeleteRequest, type PutRequest, type StoreOperation } from './store/store-operation.ts';
import { TextIndex, type KeepstepIndexOptions } from './store/text-index.ts';

/** Configures a store of items. */
export interface KeepstepStoreOptions {
  /** Keeps the items. Default: `memoryStore()`, gone with the process. */
  readonly store?: Store;
  /** Separates stores that share one store of Keepstep. Default: "default". */
  readonly namespace?: string;
  /** Lets items be searched by meaning. Default: a query is ignored. */
  readonly index?: KeepstepIndexOptions;
  /** Is how long an item stays after it was put. Default: for good. */
  readonly ttl?: Duration;
  /** Says what begins the time of an item again: each put, or also each read that returns it. Default: "put". */
  readonly refreshOn?: 'put' | 'read';
}

/**
 * Keeps the items of LangGraph's long-term memory in a store of Keepstep.
 *
 * What a batch puts and deletes is one step: all of it has happened, or nothing. Other than a cache it fails closed: when the
 * store cannot answer, its methods reject with a `StateError` that says what is known.
 */
export class KeepstepStore extends BaseStore {
  readonly #store: Store;
  readonly #documents: ItemDocuments;
  readonly #index: TextIndex | undefined;
  readonly #refreshesOnRead: boolean;

  /** @throws InvalidOptionError for an option that is not allowed */
  constructor(options: KeepstepStoreOptions = {}) {
    checkNames(options, KNOWN);
    const { store = memoryStore(), namespace = 'default', index, ttl, refreshOn = 'put' } = options;
    if (typeof namespace !== 'string' || namespace === '') {
      throw new InvalidOptionError('namespace', namespace, 'a text that is not empty');
    }
    if (!['put', 'read'].includes(refreshOn)) throw new InvalidOptionError('refreshOn', refreshOn, '"put", "read"');
    super();
    this.#store = store;
    this.#documents = new ItemDocuments(store, namespace, ttl === undefined ? undefined : parseDuration(ttl, 'ttl'));
    this.#index = index && new TextIndex(index);
    this.#refreshesOnRead = refreshOn === 'read' && ttl !== undefined;
  }

  /** Opens a store of items on the store that a URL names; `close` closes it. */
  static fromUrl(url: string, options: Omit<KeepstepStoreOptions, 'store'> = {}): KeepstepStore {
    return new KeepstepStore({ ...options, store: storeFromUrl(url) });
  }

  /**
   * Carries out operations. Those that read see what was there before the batch; of several changes of one item, the last
   * counts. The items that are got are read at one moment; a search reads on while others write.
   *
   * @throws InvalidNamespaceError for a namespace that LangGraph does not allow
   * @throws StateError when the store fails; what the embeddings throw comes through as it is. Then nothing has changed,
   * unless the code is `outcome_unknown`
   */
  override async batch<Op extends Operation[]>(operations: Op): Promise<OperationResults<Op>> {
    const requests = operations.map(readOperation);
    const changes = lastChanges(requests);
    const [vectors, queries] = await Promise.all([this.#vectorsOf(changes), this.#queriesOf(requests)]);
    const results = await this.#read(requests, queries);
    await this.#documents.change(
      changes.map((change, place) => ({
        itemKey: change.itemKey,
        text: change.kind === 'put' ? change.text : undefined,
        vectors: vectors[place],
      })),
    );
    return results as OperationResults<Op>;
  }

  /** Closes the store. */
  async close(): Promise<void> {
    await this.#store.close();
  }

  async #read(requests: readonly StoreOperation[], queries: ReadonlyMap<string, Float32Array>): Promise<unknown[]> {
    const got = this.#got(requests);
    const seen: string[] = [];
    const results = requests.map(async (request): Promise<unknown> => {
      switch (request.kind) {
        case 'get': {
          const found = (await got).get(request.itemKey);
          if (found === undefined) return null;
          seen.push(request.itemKey);
          return itemOf(found);
        }
        case 'search': {
          const vector = request.query === undefined ? undefined : queries.get(request.query);
          const hits: readonly SearchHit[] = await searchItems(this.#documents, request, vector);
          seen.push(...hits.map(({ itemKey }) => itemKey));
          return hits.map(({ item }) => item);
        }
        case 'list':
          return listNamespaces(this.#documents, request);
        default:
          return undefined;
      }
    });
    const answers = await Promise.all(results);
    if (this.#refreshesOnRead) await this.#documents.keepAlive([...new Set(seen)]);
    return answers;
  }

  /** Reads all items that are got in one step. */
  async #got(requests: readonly StoreOperation[]): Promise<ReadonlyMap<string, FoundItem>> {
    const wanted = new Set(requests.flatMap((each) => (each.kind === 'get' ? [each.itemKey] : [])));
    const found = await this.#documents.read([...wanted]);
    return new Map(found.flatMap((each) => (each === undefined ? [] : [[each.itemKey, each]])));
  }

  async #vectorsOf(changes: readonly (PutRequest | DeleteRequest)[]): Promise<readonly (string | undefined)[]> {
    const index = this.#index;
    if (index === undefined) return [];
    const indexed = changes.flatMap((change) =>
      change.kind === 'put' && change.paths !== false ? [{ ...change, paths: change.paths }] : [],
    );
    const vectors = await index.vectorsOf(indexed);
    const byKey = new Map(indexed.map(({ itemKey }, place) => [itemKey, vectors[place]]));
    return changes.map(({ itemKey }) => byKey.get(itemKey));
  }

  async #queriesOf(requests: readonly StoreOperation[]): Promise<ReadonlyMap<string, Float32Array>> {
    const index = this.#index;
    if (index === undefined) return new Map();
    const queries = requests.flatMap((each) =>
      each.kind === 'search' && each.query !== undefined ? [each.query] : [],
    );
    const different = [...new Set(queries)];
    const vectors = await Promise.all(different.map((query) => index.vectorOf(query)));
    return new Map(different.map((query, place) => [query, vectors[place] as Float32Array]));
  }
}

/** Returns the changes of a batch: of several of one item the last one, as if they came one after the other. */
function lastChanges(requests: readonly StoreOperation[]): readonly (PutRequest | DeleteRequest)[] {
  const changes = new Map<string, PutRequest | DeleteRequest>();
  for (const request of requests) {
    if (request.kind === 'put' || request.kind === 'delete') changes.set(request.itemKey, request);
  }
  return [...changes.values()];
}

const KNOWN = ['store', 'namespace', 'index', 'ttl', 'refreshOn'];
