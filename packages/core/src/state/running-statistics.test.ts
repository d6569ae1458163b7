import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { codeOf, givenState } from '../../test/agent-state.ts';
import { addToStatistics } from './running-statistics.ts';

describe('addToStatistics', () => {
  it('knows what a look at all the numbers would say', async () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    await fc.assert(
      fc.asyncProperty(fc.array(number, { minLength: 1, maxLength: 30 }), async (numbers) => {
        const data = givenState().state.data();
        for (const each of numbers) await addToStatistics(data, 'key', each);
        const found = await addToStatistics(data, 'key', ...numbers);
        const all = [...numbers, ...numbers];
        const sum = all.reduce((total, each) => total + each, 0);
        const mean = sum / all.length;
        expect(found.count).toBe(all.length);
        expect([found.min, found.max]).toEqual([Math.min(...all), Math.max(...all)]);
        expect(found.sum).toBeCloseTo(sum, 3);
        expect(found.mean).toBeCloseTo(mean, 5);
        const variance = all.reduce((total, each) => total + (each - mean) ** 2, 0) / all.length;
        expect(Math.abs(found.variance - variance)).toBeLessThanOrEqual(1e-9 * variance + 1e-3);
      }),
      { numRuns: 50 },
    );
  });

  it('takes 0 for the number it is', async () => {
    const data = givenState().state.data();
    await addToStatistics(data, 'key', 0);
    expect(await addToStatistics(data, 'key', 5)).toMatchObject({ min: 0, max: 5, mean: 2.5 });
    expect(await addToStatistics(data, 'key', -5)).toMatchObject({ min: -5, max: 5, mean: 0 });
  });

  it('loses none of many numbers that come at once', async () => {
    const data = givenState({ seed: 3 }).state.data();
    await Promise.all(Array.from({ length: 40 }, (_, index) => addToStatistics(data, 'key', index)));
    expect(await data.get('key')).toMatchObject({ count: 40, sum: 780, min: 0, max: 39 });
  });

  it.each([[[]], [[NaN]], [['1']]])('refuses %j', async (values) => {
    expect(await codeOf(() => addToStatistics(givenState().state.data(), 'key', ...(values as number[])))).toBe(
      'invalid_argument',
    );
  });
});
