import { checkArgument, checkCount, checkKnown } from '../option-checks.ts';
import type { KeyPage, KeyPageRequest } from '../store/key-page.ts';
import type { PageOptions } from './data-options.ts';

/** Checks what a page is asked for, and asks the store in its own words. */
export function pageRequest(options: PageOptions, further: readonly string[] = []): KeyPageRequest {
  checkKnown(options, ['prefix', 'limit', 'cursor', ...further]);
  const { prefix = '', limit = 100, cursor } = options;
  checkArgument(typeof prefix === 'string', 'prefix', prefix, 'a text');
  checkArgument(cursor === undefined || typeof cursor === 'string', 'cursor', cursor, 'the cursor of a page');
  return { prefix, after: cursor, limit: Math.min(checkCount(limit, 'limit', 1), 1_000_000) };
}

/** Returns where the next page begins, or undefined if there is none. */
export function cursorOf({ keys, more }: KeyPage): string | undefined {
  return more ? keys.at(-1) : undefined;
}
