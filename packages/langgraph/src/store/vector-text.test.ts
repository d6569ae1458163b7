import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { bestCosine, unitVector, vectorText } from './vector-text.ts';

const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });

function cosine(one: readonly number[], other: readonly number[]): number {
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, each, i) => sum + each * (b[i] as number), 0);
  const lengths = Math.sqrt(dot(one, one)) * Math.sqrt(dot(other, other));
  return lengths === 0 ? 0 : dot(one, other) / lengths;
}

describe('the text of vectors', () => {
  it('gives the best cosine that the vectors themselves give', () => {
    const vectors = fc
      .integer({ min: 1, max: 8 })
      .chain((dims) =>
        fc.tuple(
          fc.array(fc.array(number, { minLength: dims, maxLength: dims }), { minLength: 1, maxLength: 4 }),
          fc.array(number, { minLength: dims, maxLength: dims }),
        ),
      )
      // Beyond that, squares vanish in the reference.
      .filter(([stored, query]) => [...stored, query].flat().every((each) => each === 0 || Math.abs(each) > 1e-100));
    fc.assert(
      fc.property(vectors, ([stored, query]) => {
        const best = bestCosine(vectorText(stored), unitVector(query));
        expect(best).toBeCloseTo(Math.max(...stored.map((each) => cosine(each, query))), 5);
      }),
    );
  });

  it('takes four bytes for a number', () => {
    const vector = Array.from({ length: 384 }, (_, place) => Math.sin(place));
    expect(vectorText([vector])).toHaveLength('384 '.length + (384 * 4 * 4) / 3);
  });

  it('holds vectors of the largest and the smallest numbers', () => {
    expect(bestCosine(vectorText([[1e308, 1e308]]), unitVector([1e-308, 1e-308]))).toBeCloseTo(1, 5);
    expect(bestCosine(vectorText([[0, 0]]), unitVector([1, 1]))).toBe(0);
  });

  it('gives nothing for a query of another length', () => {
    expect(bestCosine(vectorText([[1, 0, 0]]), unitVector([1, 0]))).toBeUndefined();
    expect(bestCosine('damaged', unitVector([1, 0]))).toBeUndefined();
  });
});
