import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Ranking } from './ranking.ts';

describe('Ranking', () => {
  it('keeps what a sort of everything puts first', () => {
    const score = fc.option(fc.integer({ min: 0, max: 50 }), { nil: undefined });
    fc.assert(
      fc.property(
        fc.array(score, { maxLength: 4_000, size: 'max' }),
        fc.integer({ min: 1, max: 40 }),
        (scores, count) => {
          const ranking = new Ranking<number>(count);
          for (const [entry, each] of scores.entries()) ranking.add(entry, each);
          const all = scores.map((each, entry) => ({ entry, score: each }));
          const sorted = all.toSorted((a, b) => (b.score ?? -1) - (a.score ?? -1));
          expect(ranking.best()).toEqual(sorted.slice(0, count));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('keeps everything when no bound is given', () => {
    const ranking = new Ranking<number>(Infinity);
    for (let entry = 0; entry < 3_000; entry += 1) ranking.add(entry, entry);
    expect(ranking.best()).toHaveLength(3_000);
    expect(ranking.best()[0]).toEqual({ entry: 2_999, score: 2_999 });
  });
});
