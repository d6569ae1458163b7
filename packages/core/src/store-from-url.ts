import type { Clock } from './clock.ts';
import { deferredStore } from './deferred-store.ts';
import { InvalidArgumentError } from './errors.ts';
import type { Store } from './store/store.ts';
import { memoryStore } from './stores/memory/memory-store.ts';
import { parseValkeyUrl } from './stores/valkey/valkey-address.ts';

/**
 * Opens the store that a URL names, for example the one in the environment variable `KEEPSTEP_STORE`. Without a URL it is
 * a store in memory.
 *
 * | URL | store |
 * |---|---|
 * | `memory:` | the memory of this process |
 * | `sqlite:./agent.db`, `sqlite:/var/lib/agent.db` | a SQLite file |
 * | `valkey://host:6379`, `valkeys://…` with TLS, `valkey+unix:/path` | a Valkey server |
 * | `valkey-cluster://a:6379,b:6379` | a Valkey Cluster |
 * | `valkey-sentinel://a:26379,b:26379/group` | Valkey servers that Sentinel watches |
 *
 * The code of a store is loaded on first use. All its other options have their defaults.
 *
 * @param options gives the store a clock. Default: the clock of the machine
 * @throws InvalidArgumentError for a URL of another kind
 * @throws InvalidOptionError for a URL of Valkey that cannot be read
 */
export function storeFromUrl(url: string | undefined, options: { readonly clock?: Clock } = {}): Store {
  if (url === undefined || url === '' || url === 'memory:') return memoryStore(options);
  if (/^(valkeys?|rediss?)[:+-]/.test(url)) {
    parseValkeyUrl(url);
    return deferredStore('valkey', true, async () => {
      const { valkeyStore } = await import('./stores/valkey/valkey-store.ts');
      return valkeyStore({ url, ...options });
    });
  }
  const path = /^sqlite:(?:\/\/)?([^:].*)$/s.exec(url)?.[1];
  if (path !== undefined) {
    return deferredStore('sqlite', true, async () => {
      const { sqliteStore } = await import('./stores/sqlite/sqlite-store.ts');
      return sqliteStore({ path, ...options });
    });
  }
  throw new InvalidArgumentError(
    'url',
    url,
    '"memory:", "sqlite:./agent.db", "valkey://host:6379", "valkeys://…" or "valkey-cluster://a:6379,b:6379"',
  );
}
