import { expect, it } from 'vitest';

import { pages } from './pages.ts';
import { rankPages } from './ranking.ts';

const titles = (query: string): string[] => rankPages(query, pages).map(({ page }) => page.title);

it('puts the pages first that are about the query', () => {
  expect(titles('async python caching').slice(0, 3)).toEqual(
    expect.arrayContaining([
      'Why lru_cache breaks on async functions in Python',
      'Cache keys for async Python APIs',
      'Caching under asyncio: one loader for many waiters',
    ]),
  );
  expect(titles('how do agents run in circles')[0]).toBe('How agents run in circles');
});

it('prefers a rare word to a common one', () => {
  expect(titles('the a of SIEVE')[0]).toBe('SIEVE, an eviction algorithm simpler than LRU');
});

it('leaves out pages that share no word with the query', () => {
  expect(titles('valkey slots').every((title) => /valkey|client tracking/i.test(title))).toBe(true);
  expect(titles('xylophone')).toEqual([]);
});

it('names every page once', () => {
  expect(new Set(pages.map(({ url }) => url)).size).toBe(pages.length);
});
