import { expect, it } from 'vitest';

import { accountDiscrepancies, type AccountDocument } from './account-discrepancies.ts';

const step = { step: 1, session: 's', toolCallId: 'call_1', tool: 'check_stock', input: {}, atMs: 0 } as const;
const sound: AccountDocument = {
  steps: [
    { ...step, answer: 'miss', why: 'first call', upstreamMs: 80 },
    { ...step, step: 2, answer: 'hit', why: '1 s old', ageMs: 1000, savedMs: 80 },
  ],
  totals: {
    calls: 2,
    hits: 1,
    misses: 1,
    coalesced: 0,
    invalidations: 0,
    loopDetections: 0,
    upstreamCalls: 1,
    savedMs: 80,
  },
  cache: { hits: 1, misses: 1, coalesced: 0, invalidations: 0, loopDetections: 0, upstreamCalls: 1, savedMs: 80 },
  invalidations: [],
  loops: [],
  upstream: { inventory: { total: 1, requests: { 'get stock': 1 } } },
};

it('finds nothing in an account that adds up', () => {
  expect(accountDiscrepancies(sound)).toEqual([]);
});

it('finds what the cache, the APIs or the steps count differently', () => {
  const cache = { ...sound.cache, misses: 2 };
  const upstream = { inventory: { total: 3, requests: { 'get stock': 1 } } };
  expect(accountDiscrepancies({ ...sound, cache, upstream, steps: sound.steps.slice(0, 1) })).toEqual([
    'misses of the cache: 1, 2',
    'calls and steps: 2, 1',
    'hits and steps: 1, 0',
    'upstream calls and the APIs: 1, 3',
    'time saved and steps: 80, 0',
    'requests of an API: 3, 1',
  ]);
});
