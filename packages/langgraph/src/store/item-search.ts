import { setImmediate } from 'node:timers/promises';

import type { Item, SearchItem } from '@langchain/langgraph-checkpoint';

import { itemOf, type FoundItem, type ItemDocuments } from './item-documents.ts';
import { matchesFilter } from './item-filter.ts';
import { prefixOf } from './item-key.ts';
import { Ranking } from './ranking.ts';
import type { SearchRequest } from './store-operation.ts';
import { bestCosine } from './vector-text.ts';

/** Is how many items a step reads at most. */
const MOST_ITEMS = 512;
/** Is how many items a step reads first where nobody knows how many a filter lets through; each step doubles it. */
const FIRST_ITEMS = 32;
/** Is how many keys a step looks at, most of them to leave them out. */
const MOST_KEYS = 5_000;

/** Is an item that a search has found. */
export interface SearchHit {
  readonly itemKey: string;
  readonly item: SearchItem;
}

/**
 * Searches items, in the order of their namespaces and keys; with the vector of a query, those nearest to it come first, and
 * then those without vectors. No more is read than the answer needs, and nothing outside the namespace.
 */
export async function searchItems(
  documents: ItemDocuments,
  request: SearchRequest,
  vector: Float32Array | undefined,
): Promise<readonly SearchHit[]> {
  if (request.limit === 0) return [];
  return vector === undefined ? firstHits(documents, request) : nearestHits(documents, request, vector);
}

async function firstHits(documents: ItemDocuments, request: SearchRequest): Promise<readonly SearchHit[]> {
  const { filter, limit, offset } = request;
  // What no filter looks at need not be read to be left out.
  const reading = filter === undefined ? { unread: offset, step: limit } : { unread: 0, step: FIRST_ITEMS };
  const count = filter === undefined ? limit : offset + limit;
  const found: Candidate[] = [];
  for await (const some of candidates(documents, request, { ...reading, withVectors: false })) {
    found.push(...some);
    if (found.length >= count) break;
  }
  return Promise.all(found.slice(filter === undefined ? 0 : offset, count).map((each) => hitOf(each, undefined)));
}

async function nearestHits(
  documents: ItemDocuments,
  request: SearchRequest,
  vector: Float32Array,
): Promise<readonly SearchHit[]> {
  const { limit, offset } = request;
  const ranking = new Ranking<Candidate>(offset + limit);
  for await (const some of candidates(documents, request, { unread: 0, step: MOST_ITEMS, withVectors: true })) {
    for (const each of some) {
      ranking.add(each, each.found.vectors === undefined ? undefined : bestCosine(each.found.vectors, vector));
    }
  }
  const best = ranking.best().slice(offset);
  return Promise.all(best.map(({ entry, score }) => hitOf(entry, score)));
}

/** Is an item that a filter lets through; it is decoded if the filter had to. */
interface Candidate {
  readonly found: FoundItem;
  readonly item: Item | undefined;
}

interface Reading {
  /** Is how many keys are left out at the beginning. */
  readonly unread: number;
  /** Is how many items the first step reads. */
  readonly step: number;
  readonly withVectors: boolean;
}

async function* candidates(
  documents: ItemDocuments,
  { namespace, filter }: SearchRequest,
  reading: Reading,
): AsyncGenerator<readonly Candidate[]> {
  const prefix = prefixOf(namespace);
  let { unread } = reading;
  let step = Math.min(reading.step, MOST_ITEMS);
  let after: string | undefined;
  for (let more = true; more;) {
    const page = await documents.keys(namespace, { prefix, after, limit: Math.min(unread + step, MOST_KEYS) });
    const keys = page.keys.slice(unread);
    const found = await (reading.withVectors ? documents.readWithVectors(keys) : documents.read(keys));
    const there = found.filter((each) => each !== undefined);
    if (filter === undefined) yield there.map((each) => ({ found: each, item: undefined }));
    else {
      const items = await Promise.all(there.map(async (each) => ({ found: each, item: await itemOf(each) })));
      yield items.filter(({ item }) => matchesFilter(item.value, filter));
    }
    // Stores in this process answer at once, and others want to have their turn.
    if (page.more) await setImmediate();
    unread = Math.max(0, unread - page.keys.length);
    step = Math.min(step * 2, MOST_ITEMS);
    after = page.keys.at(-1);
    more = page.more;
  }
}

async function hitOf({ found, item: decoded }: Candidate, score: number | undefined): Promise<SearchHit> {
  const item = decoded ?? (await itemOf(found));
  return { itemKey: found.itemKey, item: score === undefined ? item : { ...item, score } };
}
