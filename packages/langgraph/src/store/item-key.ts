/** Names an item of a store. */
export interface ItemPlace {
  readonly namespace: readonly string[];
  readonly key: string;
}

/** Ends a label. */
const END = '\0\0';
/** Stands before the key, after the last label. */
const KEY = '\0\u0001';
/** Stands for a NUL in a label, so that nothing in it can be taken for one of the others. */
const NUL = '\0\u0002';

/**
 * Returns what the keys of all items in a namespace and below it begin with, and no others: a prefix of labels, not of text.
 *
 * Texts that are made like this are in the order of the labels, one after the other, and a namespace comes before what is
 * below it.
 */
export function prefixOf(namespace: readonly string[]): string {
  return namespace.map((label) => label.replaceAll('\0', NUL) + END).join('');
}

/** Returns an item's place as one text. No two places have the same, whatever their labels hold. */
export function itemKeyOf({ namespace, key }: ItemPlace): string {
  return prefixOf(namespace) + KEY + key;
}

/** Reads what `itemKeyOf` has made. */
export function readItemKey(text: string): ItemPlace {
  const namespace: string[] = [];
  let start = 0;
  for (let at = text.indexOf('\0'); ; at = text.indexOf('\0', at + 2)) {
    if (text.startsWith(KEY, at)) return { namespace, key: text.slice(at + KEY.length) };
    if (!text.startsWith(END, at)) continue;
    namespace.push(text.slice(start, at).replaceAll(NUL, '\0'));
    start = at + END.length;
  }
}

/** Returns a text after the items of a namespace, and before those of the namespaces below it. */
export function afterItemsOf(namespace: readonly string[]): string {
  return prefixOf(namespace) + NUL;
}

/** Returns a text after everything in a namespace and below it, and before what comes next. The namespace is not the empty one. */
export function afterAllOf(namespace: readonly string[]): string {
  return prefixOf(namespace).slice(0, -END.length) + KEY;
}
