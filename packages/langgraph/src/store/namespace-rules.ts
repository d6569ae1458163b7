import { InvalidNamespaceError } from '@langchain/langgraph-checkpoint';

/**
 * Checks a namespace, or a part of one, that something is looked for in.
 *
 * @throws InvalidNamespaceError for labels that LangGraph does not allow
 */
export function checkLabels(namespace: readonly string[]): void {
  if (!Array.isArray(namespace)) {
    throw new InvalidNamespaceError(`A namespace is an array of labels, not ${kindOf(namespace)}.`);
  }
  for (const label of namespace as readonly unknown[]) {
    if (typeof label !== 'string') {
      throw new InvalidNamespaceError(`A label of a namespace is a text, not ${kindOf(label)}.`);
    }
    if (label === '') throw new InvalidNamespaceError('A label of a namespace is not empty.');
    if (label.includes('.')) {
      throw new InvalidNamespaceError(`A label of a namespace has no period: ${JSON.stringify(label)}.`);
    }
  }
}

/**
 * Checks a namespace that an item is put into.
 *
 * @throws InvalidNamespaceError for one that LangGraph does not allow
 */
export function checkNamespace(namespace: readonly string[]): void {
  checkLabels(namespace);
  if (namespace.length === 0) throw new InvalidNamespaceError('The namespace of an item is not empty.');
  if (namespace[0] === 'langgraph') {
    throw new InvalidNamespaceError('The label "langgraph" is not the first one of a namespace: it is reserved.');
  }
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : `a value of type ${typeof value}`;
}
