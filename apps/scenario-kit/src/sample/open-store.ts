import { memoryStore, storeFromUrl, type Clock, type Store } from '@keepstep/core';

import { UsageError } from './sample-options.ts';

/**
 * Opens the store that `KEEPSTEP_STORE` names.
 *
 * A store in memory lives in the time of the sample, which may be simulated; one outside of the process has its own.
 *
 * @throws UsageError for a URL that names no store
 */
export function openStore(url: string | undefined, clock: Clock): Store {
  if (isInMemory(url)) return memoryStore({ clock });
  try {
    return storeFromUrl(url);
  } catch (error) {
    throw new UsageError(`KEEPSTEP_STORE: ${(error as Error).message}`, { cause: error });
  }
}

/** Tells whether a store would live in this process only. */
export function isInMemory(url: string | undefined): boolean {
  return url === undefined || url === '' || url === 'memory:';
}
