import { createToolCache, type ToolCacheOptions } from '@keepstep/core';
import { sqliteStore, type SqliteStoreOptions } from '@keepstep/core/sqlite';

import type { Tool } from '../near-cache/tool.ts';
import { benchFile } from './bench-file.ts';

/** Puts a tool behind a cache in a file of its own. */
export function keepstepFile(
  tool: Tool,
  options: Pick<ToolCacheOptions, 'consistency'> & Omit<SqliteStoreOptions, 'path'> = {},
) {
  const { consistency = 'strict', ...storeOptions } = options;
  const file = benchFile();
  const store = sqliteStore({ path: file.path, maxEntries: Infinity, maxBytes: Infinity, ...storeOptions });
  const cache = createToolCache({ namespace: 'bench', store, ttl: '1h', consistency });
  const read = cache.read((user: string) => tool.load(user), {
    name: 'get_cart',
    resource: (user) => ['cart', user],
    scope: 'global',
  });
  return {
    cache,
    read,
    [Symbol.dispose]() {
      void cache.close();
      void store.close();
      file[Symbol.dispose]();
    },
  };
}
