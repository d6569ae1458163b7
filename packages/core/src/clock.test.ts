import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { systemClock } from './clock.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('the clock of the machine', () => {
  it('tells the time, also where a test fakes it', () => {
    vi.setSystemTime(1_234_567);
    expect(systemClock.now()).toBe(1_234_567);
  });

  it('runs a callback once, when its time has come', () => {
    const callback = vi.fn();
    systemClock.after(100, callback);
    vi.advanceTimersByTime(99);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1000);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it('runs nothing that was cancelled', () => {
    const callback = vi.fn();
    const cancel = systemClock.after(100, callback);
    cancel();
    cancel();
    vi.advanceTimersByTime(1000);
    expect(callback).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('runs a callback soon whose time is over, and warns of nothing', async () => {
    vi.useRealTimers();
    const warned = vi.fn();
    process.on('warning', warned);
    await new Promise<void>((resolve) => void systemClock.after(-200, resolve, true));
    process.off('warning', warned);
    expect(warned).not.toHaveBeenCalled();
  });

  it('does not run a distant callback at once', () => {
    const callback = vi.fn();
    const cancel = systemClock.after(Number.MAX_SAFE_INTEGER, callback);
    vi.advanceTimersByTime(2 ** 31 - 2);
    expect(callback).not.toHaveBeenCalled();
    cancel();
  });

  it('keeps the process alive only where somebody waits', () => {
    vi.useRealTimers();
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const cancels = [systemClock.after(100_000, vi.fn()), systemClock.after(100_000, vi.fn(), true)];
    const isAlive = timers.mock.results.map(({ value }) => (value as NodeJS.Timeout).hasRef());
    for (const cancel of cancels) cancel();
    timers.mockRestore();
    expect(isAlive).toEqual([false, true]);
  });
});
