import type { StockPath } from '@keepstep/fault-tests';

/** Names the tag of what is written. */
export function tagOf(path: StockPath): string {
  return ['stock', ...path].join('~');
}

/** Names the tags of an item: its own, that of its shelf, and that of everything. */
export function tagsOf(shelf: string, item: string): string[] {
  return [tagOf([]), tagOf([shelf]), tagOf([shelf, item])];
}
