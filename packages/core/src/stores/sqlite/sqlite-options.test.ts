import { describe, expect, it } from 'vitest';

import { resolveSqliteOptions, type SqliteStoreOptions } from './sqlite-options.ts';

describe('the options of the SQLite store', () => {
  it('have the defaults that they name', () => {
    expect(resolveSqliteOptions({ path: 'agent.db' })).toMatchObject({
      syncsInvalidations: true,
      maxEntries: 100_000,
      maxBytes: 256 * 1024 * 1024,
      maxTags: 100_000,
      maxCopies: 1_000,
      maxCopyBytes: 32 * 1024 * 1024,
      leaseMs: 15_000,
      maxLoadMs: 300_000,
      sessionIdleMs: 3_600_000,
      busyMs: 1_000,
      sweepMs: 30_000,
    });
  });

  it.each<[string, object]>([
    ['path', {}],
    ['path', { path: 7 }],
    ['durability', { path: 'a', durability: 'none' }],
    ['maxEntries', { path: 'a', maxEntries: -1 }],
    ['maxTags', { path: 'a', maxTags: 0 }],
    ['maxCopies', { path: 'a', maxCopies: 1.5 }],
    ['lease', { path: 'a', lease: 0 }],
    ['maxLoad', { path: 'a', maxLoad: 'long' }],
    ['busyTimeout', { path: 'a', busyTimeout: -1 }],
    ['clock', { path: 'a', clock: { now: Date.now } }],
    ['file', { path: 'a', file: 'b' }],
  ])('are refused by name: %s', (option, options) => {
    expect(() => resolveSqliteOptions(options as SqliteStoreOptions)).toThrow(`Invalid option "${option}"`);
  });

  it('take bounds without end', () => {
    const bounds = { maxEntries: Infinity, maxBytes: Infinity, maxTags: Infinity, maxCopies: Infinity };
    expect(resolveSqliteOptions({ path: 'a', ...bounds })).toMatchObject(bounds);
  });
});
