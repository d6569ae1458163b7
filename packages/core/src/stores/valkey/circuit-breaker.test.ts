import { describe, expect, it } from 'vitest';

import { manualClock } from '../../testing/manual-clock.ts';
import { CircuitBreaker } from './circuit-breaker.ts';

function failing() {
  const clock = manualClock();
  const opened: number[] = [];
  const breaker = new CircuitBreaker(clock, () => opened.push(clock.now()));
  const fail = (times: number): void => {
    for (let time = 0; time < times; time += 1) breaker.fail();
  };
  return { clock, breaker, opened, fail };
}

describe('a circuit breaker', () => {
  it('lets requests through while failures come singly', () => {
    const { breaker: each, fail } = failing();
    for (let round = 0; round < 10; round += 1) {
      fail(4);
      expect(each.admits()).toBe(true);
      each.succeed();
    }
  });

  it('holds requests back after five failures in a row, and says so once', () => {
    const { breaker: each, fail, opened } = failing();
    fail(7);
    expect([each.admits(), opened.length]).toEqual([false, 1]);
  });

  it('lets one request find out after the pause, and all once that one was answered', async () => {
    const { breaker: each, fail, clock } = failing();
    fail(5);
    await clock.advance(249);
    expect(each.admits()).toBe(false);
    await clock.advance(1);
    expect([each.admits(), each.admits()]).toEqual([true, false]);
    each.succeed();
    expect([each.admits(), each.admits()]).toEqual([true, true]);
  });

  it('doubles the pause with each request that finds out in vain, up to five seconds', async () => {
    const { breaker: each, fail, clock } = failing();
    fail(5);
    const pauses: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      const since = clock.now();
      while (!each.admits()) await clock.advance(50);
      pauses.push(clock.now() - since);
      fail(1);
    }
    expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  });

  it('does not wait for the end of the pause when it is told that the server is back', () => {
    const { breaker: each, fail } = failing();
    fail(5);
    each.retry();
    expect([each.admits(), each.admits()]).toEqual([true, false]);
  });
});
