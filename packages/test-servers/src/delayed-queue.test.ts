import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { DelayedQueue } from './delayed-queue.ts';

describe('DelayedQueue', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function queueWith(...delays: number[]) {
    const done: number[] = [];
    const queue = new DelayedQueue();
    for (const [index, delay] of delays.entries()) queue.push(() => done.push(index), delay);
    return done;
  }

  it('does at once what has no delay', () => {
    expect(queueWith(0, 0)).toEqual([0, 1]);
  });

  it('does nothing before its time', () => {
    const done = queueWith(10, 30);
    vi.advanceTimersByTime(9);
    expect(done).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(done).toEqual([0]);
    vi.advanceTimersByTime(20);
    expect(done).toEqual([0, 1]);
  });

  it('keeps the order, whatever the delays', () => {
    const done = queueWith(10, 0, 5, 20);
    vi.advanceTimersByTime(10);
    expect(done).toEqual([0, 1, 2]);
    vi.advanceTimersByTime(10);
    expect(done).toEqual([0, 1, 2, 3]);
  });
});
