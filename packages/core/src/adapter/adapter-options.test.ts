import { describe, expect, it } from 'vitest';

import { createToolCache } from '../create-tool-cache.ts';
import { checkAdapterOptions, checkNames } from './adapter-options.ts';

const cache = createToolCache();

describe('checkAdapterOptions', () => {
  it('lets through what is known', () => {
    checkAdapterOptions({ cache }, ['cache', 'tools']);
    expect(cache.metrics().hits).toBe(0);
  });

  it('names an option that does not exist, and those that do', () => {
    const misspelt = { cache, tool: {} };
    expect(() => checkAdapterOptions(misspelt, ['cache', 'tools'])).toThrow(
      'Invalid option "tool": received an object with no keys, allowed: cache, tools.',
    );
  });

  it.each([undefined, null, {}, new Map()])('refuses %s for a cache', (other) => {
    expect(() => checkAdapterOptions({ cache: other as never }, ['cache'])).toThrow(
      'allowed: what createToolCache returns',
    );
  });
});

describe('checkNames', () => {
  it('leads to the name that is wrong', () => {
    expect(() => checkNames({ get_crat: 1 }, ['get_cart'], 'tools.')).toThrow(
      'Invalid option "tools.get_crat": received 1, allowed: get_cart.',
    );
  });

  it.each([null, 'get_cart'])('refuses %j in place of an object', (other) => {
    expect(() => checkNames(other as never, ['get_cart'], 'tools.')).toThrow('Invalid option "tools"');
    expect(() => checkNames(other as never, [])).toThrow('Invalid option "options"');
  });
});
