import { describe, expect, it } from 'vitest';

import { seededRandom } from './seeded-random.ts';

function take(count: number, random: () => number): number[] {
  return Array.from({ length: count }, random);
}

describe('seededRandom', () => {
  it('returns the same numbers for the same seed, and others for another', () => {
    expect(take(100, seededRandom(7))).toEqual(take(100, seededRandom(7)));
    expect(take(100, seededRandom(7))).not.toEqual(take(100, seededRandom(8)));
  });

  it('spreads over the whole range, for every small seed', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const tenths = new Set(take(500, seededRandom(seed)).map((number) => Math.floor(number * 10)));
      expect(tenths).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
    }
  });
});
