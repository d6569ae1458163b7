import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { findStaleReads, type History, type InvalidationRecord, type ReadRecord } from './history-checker.ts';

describe('findStaleReads', () => {
  it('finds a read that started after the invalidation had resolved and returned the version from before it', () => {
    const history: History = { reads: [['cart', 1, 20]], invalidations: [['cart', 2, 10]] };
    expect(findStaleReads(history)).toEqual([
      { resource: 'cart', version: 1, promised: 2, startedAt: 20, promisedAt: 10 },
    ]);
  });

  it('allows either version to a read that was under way when the invalidation resolved', () => {
    const reads: ReadRecord[] = [
      ['cart', 1, 9],
      ['cart', 2, 9],
    ];
    expect(findStaleReads({ reads, invalidations: [['cart', 2, 10]] })).toEqual([]);
  });

  it('allows either version to a read that started at the very moment', () => {
    expect(findStaleReads({ reads: [['cart', 1, 10]], invalidations: [['cart', 2, 10]] })).toEqual([]);
  });

  it('allows a read to return more than was promised', () => {
    expect(findStaleReads({ reads: [['cart', 3, 20]], invalidations: [['cart', 2, 10]] })).toEqual([]);
  });

  it('keeps resources apart', () => {
    expect(findStaleReads({ reads: [['order', 1, 20]], invalidations: [['cart', 2, 10]] })).toEqual([]);
  });

  it('goes by the highest version promised, in whatever order the invalidations resolve', () => {
    const invalidations: InvalidationRecord[] = [
      ['cart', 2, 12],
      ['cart', 3, 10],
    ];
    expect(findStaleReads({ reads: [['cart', 2, 20]], invalidations })).toEqual([
      { resource: 'cart', version: 2, promised: 3, startedAt: 20, promisedAt: 10 },
    ]);
    expect(findStaleReads({ reads: [['cart', 1, 11]], invalidations })).toHaveLength(1);
    expect(findStaleReads({ reads: [['cart', 3, 20]], invalidations })).toEqual([]);
  });

  it('allows an older version for as long as the staleness that was agreed', () => {
    const history: History = {
      reads: [
        ['cart', 1, 309],
        ['cart', 1, 310],
        ['cart', 1, 311],
      ],
      invalidations: [['cart', 2, 10]],
    };
    expect(findStaleReads(history, 300).map(({ startedAt }) => startedAt)).toEqual([311]);
  });

  it('finds nothing in an empty history', () => {
    expect(findStaleReads({ reads: [], invalidations: [] })).toEqual([]);
  });

  it('agrees with a comparison of every read with every invalidation', () => {
    const record = fc.tuple(fc.constantFrom('a', 'b'), fc.nat(5), fc.nat(20));
    const histories = fc.record({ reads: fc.array(record), invalidations: fc.array(record) });
    fc.assert(
      fc.property(histories, fc.nat(5), (history, maxStaleness) => {
        const stale = history.reads.filter(([resource, version, startedAt]) =>
          history.invalidations.some(
            ([r, v, resolvedAt]) => r === resource && v > version && resolvedAt < startedAt - maxStaleness,
          ),
        );
        const found = findStaleReads(history, maxStaleness);
        expect(found.map(({ resource, version, startedAt }) => [resource, version, startedAt])).toEqual(stale);
        for (const { promised, promisedAt, startedAt, version } of found) {
          expect(promised).toBeGreaterThan(version);
          expect(promisedAt).toBeLessThan(startedAt - maxStaleness);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
