import { afterEach, describe, expect, it, vi } from 'vitest';

import { drawRefreshTime } from './refresh.ts';

afterEach(() => vi.restoreAllMocks());

describe('drawRefreshTime', () => {
  it('is the end of the ttl when early refresh is off', () => {
    const random = vi.spyOn(Math, 'random');
    expect(drawRefreshTime(60_000, 10_000, 0)).toBe(60_000);
    expect(random).not.toHaveBeenCalled();
  });

  it.each([
    [0, 60_000],
    [0.5, 60_000 - 10_000 * Math.log(2)],
    [0.9, 60_000 - 10_000 * Math.log(10)],
  ])('is the earlier the rarer the draw: %d', (draw, expected) => {
    vi.spyOn(Math, 'random').mockReturnValue(draw);
    expect(drawRefreshTime(60_000, 10_000, 1)).toBeCloseTo(expected, 6);
    expect(drawRefreshTime(60_000, 5_000, 2)).toBeCloseTo(expected, 6);
  });

  it('is never later than the end of the ttl, and never no time at all', () => {
    for (let draw = 0; draw < 1_000; draw += 1) {
      const at = drawRefreshTime(60_000, 100, 1);
      expect(at).toBeLessThanOrEqual(60_000);
      expect(Number.isFinite(at)).toBe(true);
    }
  });

  it('is the end of the ttl for a load that takes no time', () => {
    expect(drawRefreshTime(60_000, 0, 1)).toBe(60_000);
  });
});
