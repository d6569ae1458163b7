import { checkOption, checkOptionNames } from '../option-checks.ts';
import type { ToolCache } from '../tool-cache.ts';

/**
 * Refuses options that do not exist, so that a misspelt one is not ignored in silence, and what is not a cache for tools.
 *
 * @throws InvalidOptionError for the first one
 */
export function checkAdapterOptions(options: { readonly cache: ToolCache }, known: readonly string[]): void {
  checkNames(options, known);
  const { cache } = options;
  checkOption(typeof cache?.declare === 'function', 'cache', cache, 'what createToolCache returns');
}

/**
 * Refuses names that are not known.
 *
 * @param at leads to the names in the error, with the dot: `tools.`
 * @throws InvalidOptionError for the first one
 */
export function checkNames(options: object, known: readonly string[], at: string = ''): void {
  const isObject = typeof options === 'object' && options !== null;
  checkOption(isObject, at.slice(0, -1) || 'options', options, 'an object');
  checkOptionNames(options, known, at);
}
