import type { StockPath } from '../subjects/subject.ts';

export const SHELVES = ['s1', 's2', 's3', 's4', 's5', 's6'] as const;
export const ITEMS = ['i1', 'i2', 'i3'] as const;

/** Lists the names of all versions that there are; records hold the place in this list. */
export const NAMES: readonly string[] = SHELVES.flatMap((shelf) => ITEMS.map((item) => nameOf(shelf, item)));

/** Names the version of an item. */
export function nameOf(shelf: string, item: string): string {
  return `${shelf}/${item}`;
}

/** Lists the versions that a write of a path changes. */
export function namesBelow(path: StockPath): readonly string[] {
  const prefix = path.join('/');
  return NAMES.filter((name) => prefix === '' || name === prefix || name.startsWith(`${prefix}/`));
}
