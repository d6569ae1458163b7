import type { Item } from './source.ts';

/** Is how many groups there are. */
export const GROUPS = 3;
/** Is how many items a group has. */
export const ITEMS = 3;

/** Is the place of an item among the resources, and of a group: the group is its parent. */
export type Path = readonly ['shop', group: string] | readonly ['shop', group: string, item: string];

/** Names an item of a group. */
export function itemOf(group: number, item: number): Item {
  return `g${group}/i${item}`;
}

/** Lists the items of a group. */
export function itemsOf(group: number): Item[] {
  return Array.from({ length: ITEMS }, (_, item) => itemOf(group, item));
}

/** Returns the resource of an item, or of a group: `g1/i2`, `g1`. */
export function pathOf(item: Item): Path {
  const [group = '', name] = item.split('/');
  return name === undefined ? ['shop', group] : ['shop', group, name];
}

/** Names what belongs to a session alone. */
export function itemOfSession(session: string, item: Item): Item {
  return `${session}:${item}`;
}
