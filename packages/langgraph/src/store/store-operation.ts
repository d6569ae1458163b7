import { InvalidArgumentError } from '@keepstep/core';
import type { ListNamespacesOperation, MatchCondition, Operation } from '@langchain/langgraph-checkpoint';

import { valueText } from '../serializer/value-text.ts';
import { checkFilter, type ItemFilter } from './item-filter.ts';
import { itemKeyOf } from './item-key.ts';
import { checkLabels, checkNamespace } from './namespace-rules.ts';
import { readPaths } from './text-index.ts';
import type { TextPath } from './text-path.ts';

/** Is an operation of a batch that was checked. */
export type StoreOperation = GetRequest | PutRequest | DeleteRequest | SearchRequest | ListingRequest;

/** Asks for an item. */
interface GetRequest {
  readonly kind: 'get';
  readonly itemKey: string;
}

/** Puts an item. */
export interface PutRequest {
  readonly kind: 'put';
  readonly itemKey: string;
  readonly value: Readonly<Record<string, unknown>>;
  /** Is the value as it was when it was handed over. */
  readonly text: string;
  /** Leads to the texts for the index; undefined stands for its fields, and `false` for none. */
  readonly paths: readonly TextPath[] | undefined | false;
}

/** Deletes an item; it need not be there. */
export interface DeleteRequest {
  readonly kind: 'delete';
  readonly itemKey: string;
}

/** Searches the items of a namespace and below it. */
export interface SearchRequest {
  readonly kind: 'search';
  readonly namespace: readonly string[];
  readonly filter: ItemFilter | undefined;
  readonly limit: number;
  readonly offset: number;
  /** Is what is looked for; undefined when everything is. */
  readonly query: string | undefined;
}

/** Asks for namespaces that hold items. */
export interface ListingRequest {
  readonly kind: 'list';
  readonly conditions: readonly MatchCondition[];
  readonly maxDepth: number;
  readonly limit: number;
  readonly offset: number;
}

/**
 * Checks an operation of LangGraph, and tells by its members which it is.
 *
 * @throws InvalidNamespaceError for a namespace that LangGraph does not allow
 * @throws InvalidArgumentError for anything else that is not allowed
 * @throws NotEncodableError for a value that would not come back as it is
 */
export function readOperation(operation: Operation): StoreOperation {
  if (typeof operation !== 'object' || operation === null) {
    throw new InvalidArgumentError('operations', operation, 'operations of LangGraph');
  }
  if ('namespacePrefix' in operation) {
    const { namespacePrefix: namespace, filter, limit = 10, offset = 0, query } = operation;
    checkLabels(namespace);
    if (filter !== undefined) checkFilter(filter);
    if (query !== undefined && typeof query !== 'string') throw new InvalidArgumentError('query', query, 'a text');
    const page = { limit: checked(limit, 'limit', 0), offset: checked(offset, 'offset', 0) };
    return {
      kind: 'search',
      namespace: [...namespace],
      filter: filter && { ...filter },
      query: query || undefined,
      ...page,
    };
  }
  if (!('namespace' in operation)) return readListing(operation);
  const { namespace, key } = operation;
  if (typeof key !== 'string') throw new InvalidArgumentError('key', key, 'a text');
  if (!('value' in operation) || operation.value === null) {
    checkLabels(namespace);
    return { kind: 'value' in operation ? 'delete' : 'get', itemKey: itemKeyOf({ namespace, key }) };
  }
  checkNamespace(namespace);
  const { value, index } = operation;
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new InvalidArgumentError('value', value, 'an object, or null to delete the item');
  }
  const paths = index === undefined || index === null || index === false ? (index ?? undefined) : readPaths(index);
  return { kind: 'put', itemKey: itemKeyOf({ namespace, key }), value, text: valueText(value), paths };
}

function readListing({ matchConditions, maxDepth, limit, offset }: Partial<ListNamespacesOperation>): ListingRequest {
  const conditions = matchConditions ?? [];
  if (!Array.isArray(conditions)) throw new InvalidArgumentError('matchConditions', conditions, 'an array');
  for (const { matchType, path } of conditions) {
    if (matchType !== 'prefix' && matchType !== 'suffix') {
      throw new InvalidArgumentError('matchType', matchType, '"prefix", "suffix"');
    }
    checkLabels(path);
  }
  return {
    kind: 'list',
    conditions: conditions.map(({ matchType, path }) => ({ matchType, path: [...path] })),
    maxDepth: checked(maxDepth ?? Infinity, 'maxDepth', 1),
    limit: checked(limit ?? Infinity, 'limit', 0),
    offset: checked(offset ?? 0, 'offset', 0),
  };
}

function checked(value: number, argument: string, least: number): number {
  if (value === Infinity || (Number.isInteger(value) && value >= least)) return value;
  throw new InvalidArgumentError(argument, value, `a whole number of at least ${least}`);
}
