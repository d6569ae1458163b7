import type { MatchCondition } from '@langchain/langgraph-checkpoint';

import type { ItemDocuments } from './item-documents.ts';
import { afterAllOf, afterItemsOf, prefixOf, readItemKey } from './item-key.ts';
import type { ListingRequest } from './store-operation.ts';

const MOST_KEYS = 500;

/**
 * Lists namespaces that hold items, sorted by their labels. It steps over what is in them: a namespace costs one step at most,
 * whatever it holds, and small ones share steps; the end may cost one more.
 */
export async function listNamespaces(documents: ItemDocuments, request: ListingRequest): Promise<string[][]> {
  const { conditions, maxDepth, limit, offset } = request;
  const found: string[][] = [];
  if (limit === 0) return found;
  let last: string | undefined;
  for await (const namespace of namespaces(documents, literalPrefix(conditions), maxDepthOfSteps(request))) {
    if (!conditions.every((condition) => isMatch(condition, namespace))) continue;
    const shown = namespace.slice(0, maxDepth);
    // What is cut to the same labels comes one after the other.
    const text = prefixOf(shown);
    if (text === last) continue;
    last = text;
    found.push(shown);
    if (found.length >= offset + limit) break;
  }
  return found.slice(offset, offset + limit);
}

/** Goes through the namespaces below one, in order; one of `maxDepth` labels may stand for those below it. */
async function* namespaces(
  documents: ItemDocuments,
  root: readonly string[],
  maxDepth: number,
): AsyncGenerator<string[]> {
  const prefix = prefixOf(root);
  let after: string | undefined;
  for (;;) {
    const page = await documents.keys(root, { prefix, after, limit: MOST_KEYS });
    let last: string[] | undefined;
    for (const itemKey of page.keys) {
      const namespace = [...readItemKey(itemKey).namespace];
      if (last !== undefined && isSame(last, namespace)) continue;
      last = namespace;
      yield namespace;
    }
    if (last === undefined || !page.more) return;
    after = last.length >= maxDepth ? afterAllOf(last.slice(0, maxDepth)) : afterItemsOf(last);
  }
}

/** A suffix looks at what is cut off, so nothing may be stepped over for it. */
function maxDepthOfSteps({ conditions, maxDepth }: ListingRequest): number {
  return conditions.every(({ matchType, path }) => matchType === 'prefix' && path.length <= maxDepth)
    ? maxDepth
    : Infinity;
}

/** Returns the labels that all matching namespaces begin with. */
function literalPrefix(conditions: readonly MatchCondition[]): readonly string[] {
  const prefixes = conditions
    .filter(({ matchType }) => matchType === 'prefix')
    .map(({ path }) => path.slice(0, path.includes('*') ? path.indexOf('*') : path.length));
  return prefixes.reduce((longest, each) => (each.length > longest.length ? each : longest), []);
}

function isMatch({ matchType, path }: MatchCondition, namespace: readonly string[]): boolean {
  const start = matchType === 'prefix' ? 0 : namespace.length - path.length;
  return (
    path.length <= namespace.length && path.every((label, place) => label === '*' || label === namespace[start + place])
  );
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((label, place) => label === b[place]);
}
