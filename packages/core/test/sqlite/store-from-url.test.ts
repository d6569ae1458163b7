import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';

import { createToolCache, storeFromUrl } from '../../src/index.ts';
import { scratchFolder } from '../scratch-folder.ts';

let folder: string;

beforeEach(() => {
  folder = scratchFolder();
});

describe('a URL of a SQLite file', () => {
  it.each(['sqlite:', 'sqlite://'])('opens the file that it names (%s)', async (scheme) => {
    const path = join(folder, 'agent 1.db');
    const store = storeFromUrl(scheme + path);
    expect(store).toMatchObject({ name: 'sqlite', shared: true });
    await store.ready?.();
    expect(existsSync(path)).toBe(true);
    const cache = createToolCache({ store });
    const get = cache.read(async () => 1, { name: 'get', scope: 'global' });
    expect([await get(), await get()]).toEqual([1, 1]);
    expect(cache.metrics()).toMatchObject({ hits: 1, misses: 1, bypassed: 0 });
    await cache.close();
    await store.close();
  });

  it('lets tools run without the cache when the file cannot be opened, and says why to whoever waits for it', async () => {
    const store = storeFromUrl(`sqlite:${join(folder, 'missing', 'agent.db')}`);
    const cache = createToolCache({ store });
    const get = cache.read(async () => 1, { name: 'get', scope: 'global' });
    expect(await get()).toBe(1);
    expect(cache.metrics().bypassed).toBe(1);
    await expect(store.ready?.()).rejects.toMatchObject({ code: 'store_unavailable' });
    await cache.close();
    await store.close();
  });

  it.each(['sqlite:', 'sqlite::memory:', 'sqlite', 'sqlite//agent.db', pathToFileURL('/agent.db').href])(
    'is refused where it names no file: %s',
    (url) => {
      expect(() => storeFromUrl(url)).toThrow('Invalid argument "url"');
    },
  );
});
