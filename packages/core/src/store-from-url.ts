import type { Clock } from './clock.ts';
import { InvalidArgumentError } from './errors.ts';
import type { Store } from './store/store.ts';
import { memoryStore } from './stores/memory/memory-store.ts';

/**
 * Opens the store that a URL names, for example the one in the environment variable `KEEPSTEP_STORE`. Without a URL it is
 * a store in memory.
 *
 * | URL | store |
 * |---|---|
 * | `memory:` | the memory of this process |
 *
 * @param options gives the store a clock. Default: the clock of the machine
 * @throws InvalidArgumentError for a URL of another kind
 */
export function storeFromUrl(url: string | undefined, options: { readonly clock?: Clock } = {}): Store {
  if (url === undefined || url === '' || url === 'memory:') return memoryStore(options);
  throw new InvalidArgumentError('url', url, '"memory:"');
}
