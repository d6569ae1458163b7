import type { MatchCondition, Operation } from '@langchain/langgraph-checkpoint';

/** Is what an answer says of an item, without its times. */
export interface ModelItem {
  readonly namespace: readonly string[];
  readonly key: string;
  readonly value: Record<string, unknown>;
  readonly score?: number;
}

interface Held extends ModelItem {
  /** Holds the words that the item is found by. */
  readonly words: readonly string[];
}

/** Lists the words that can be searched for, each with the direction of its vector; no two are equally far from a third. */
const DIRECTIONS: Readonly<Record<string, number>> = {
  red: 0,
  blue: 0.1,
  green: 0.35,
  tall: 0.8,
  small: 1.73,
  far: 2.9,
};

export const words: readonly string[] = Object.keys(DIRECTIONS);

/** Turns words into vectors. */
export function embedWords(texts: readonly string[]): number[][] {
  return texts.map((text) => {
    const direction = DIRECTIONS[text];
    if (direction === undefined) throw new Error(`There is no vector of ${text}.`);
    return [3 * Math.cos(direction), 3 * Math.sin(direction)];
  });
}

/** Does with plain arrays what a store of LangGraph does, as slowly as it is simple. */
export class ItemModel {
  #items: readonly Held[] = [];

  batch(operations: readonly Operation[]): unknown[] {
    const answers = operations.map((operation) => this.#answer(operation));
    for (const operation of operations) if ('value' in operation) this.#put(operation);
    return answers;
  }

  #answer(operation: Operation): unknown {
    if ('namespacePrefix' in operation) {
      const { namespacePrefix, filter = {}, limit = 10, offset = 0, query } = operation;
      const found = this.#items
        .filter(({ namespace }) => isMatch({ matchType: 'prefix', path: namespacePrefix }, namespace, false))
        .filter(({ value }) =>
          Object.entries(filter).every(([name, wanted]) =>
            typeof wanted === 'object' ? Number(value[name]) >= wanted.$gte : value[name] === wanted,
          ),
        );
      return (query === undefined ? found.map(plain) : byScore(found, query)).slice(offset, offset + limit);
    }
    if ('value' in operation) return undefined;
    if ('key' in operation) {
      const found = this.#items.find(
        ({ namespace, key }) => isSame(operation.namespace, namespace) && key === operation.key,
      );
      return found === undefined ? null : plain(found);
    }
    const { matchConditions = [], maxDepth = Infinity, limit, offset } = operation;
    const shown = this.#items
      .map(({ namespace }) => namespace)
      .filter((namespace) => matchConditions.every((condition) => isMatch(condition, namespace, true)))
      .map((namespace) => namespace.slice(0, maxDepth));
    return shown.filter((each, place) => place === 0 || !isSame(each, shown[place - 1])).slice(offset, offset + limit);
  }

  #put({ namespace, key, value, index = ['word', 'more[*]'] }: Extract<Operation, { value: unknown }>): void {
    const others = this.#items.filter((each) => !isSame(each.namespace, namespace) || each.key !== key);
    if (value === null) {
      this.#items = others;
      return;
    }
    const found =
      index === false ? [] : index.flatMap((path) => (path === 'word' ? [value['word']] : (value['more'] ?? [])));
    const held = { namespace, key, value, words: found.filter((word) => word !== undefined) as string[] };
    this.#items = [...others, held].toSorted(
      (a, b) => compareTexts(a.namespace, b.namespace) || compareTexts([a.key], [b.key]),
    );
  }
}

function plain({ namespace, key, value }: Held): ModelItem {
  return { namespace, key, value };
}

function byScore(found: readonly Held[], query: string): readonly ModelItem[] {
  const scored = found.map((held) => {
    const scores = held.words.map((word) => Math.cos((DIRECTIONS[word] as number) - (DIRECTIONS[query] as number)));
    return scores.length === 0 ? plain(held) : { ...plain(held), score: Math.max(...scores) };
  });
  return scored.toSorted((a, b) => (b.score ?? -2) - (a.score ?? -2));
}

function isMatch({ matchType, path }: MatchCondition, namespace: readonly string[], wild: boolean): boolean {
  const part = matchType === 'prefix' ? namespace.slice(0, path.length) : namespace.slice(-path.length || Infinity);
  return part.length === path.length && path.every((label, place) => (wild && label === '*') || label === part[place]);
}

function isSame(a: readonly string[], b: readonly string[] | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Compares text by text, and texts by their code points. */
function compareTexts(a: readonly string[], b: readonly string[]): number {
  for (const [place, text] of a.entries()) {
    const other = b[place];
    if (other === undefined) return 1;
    const order = Buffer.compare(Buffer.from(text), Buffer.from(other));
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
