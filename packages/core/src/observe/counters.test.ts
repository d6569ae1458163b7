import { describe, expect, it } from 'vitest';

import { Counters } from './counters.ts';

describe('Counters', () => {
  it('start at zero, the hit rate included', () => {
    const numbers = new Counters().read();
    expect(Object.values(numbers).every((number) => number === 0)).toBe(true);
  });

  it('give the share of reads that ran no tool of their own', () => {
    const counters = new Counters();
    Object.assign(counters, { hits: 3, coalesced: 2, stale: 1, misses: 2, bypassed: 100, upstreamCalls: 102 });
    expect(counters.read()).toMatchObject({ hitRate: 0.75, hits: 3, bypassed: 100 });
  });

  it('round the time that was saved', () => {
    const counters = new Counters();
    counters.savedMs = 10.4;
    expect(counters.read().savedMs).toBe(10);
  });

  it('hand out numbers of the moment', () => {
    const counters = new Counters();
    const before = counters.read();
    counters.hits += 1;
    expect([before.hits, counters.read().hits]).toEqual([0, 1]);
  });
});
