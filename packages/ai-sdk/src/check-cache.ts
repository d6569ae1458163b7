import { InvalidOptionError, type ToolCache } from '@keepstep/core';

/**
 * Refuses what is not a cache for tools.
 *
 * @throws InvalidOptionError
 */
export function checkCache(cache: ToolCache): void {
  if (typeof cache?.declare !== 'function')
    throw new InvalidOptionError('cache', cache, 'what createToolCache returns');
}
