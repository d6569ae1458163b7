import { describe, expect, it } from 'vitest';

import { manualClock } from './manual-clock.ts';

describe('a manual clock', () => {
  it('stands still until it is told to move', async () => {
    const clock = manualClock(1_000);
    expect(clock.now()).toBe(1_000);
    await clock.advance(250);
    expect(clock.now()).toBe(1_250);
  });

  it('runs timers in the order they fall due, each at its exact time', async () => {
    const clock = manualClock();
    const ran: [string, number][] = [];
    clock.after(30, () => ran.push(['late', clock.now()]));
    clock.after(10, () => ran.push(['early', clock.now()]));
    clock.after(10, () => ran.push(['early, set second', clock.now()]));
    clock.after(31, () => ran.push(['too late', clock.now()]));
    await clock.advance(30);
    expect(ran).toEqual([
      ['early', 10],
      ['early, set second', 10],
      ['late', 30],
    ]);
    expect(clock.now()).toBe(30);
  });

  it('runs timers that are set by timers, when they fall due on the way', async () => {
    const clock = manualClock();
    const times: number[] = [];
    const every = (): void => {
      times.push(clock.now());
      clock.after(10, every);
    };
    clock.after(10, every);
    await clock.advance(35);
    expect(times).toEqual([10, 20, 30]);
    expect(clock.pending()).toBe(1);
  });

  it('lets promises settle between two timers', async () => {
    const clock = manualClock();
    const seen: string[] = [];
    const sleep = (ms: number): Promise<void> => new Promise((resolve) => clock.after(ms, resolve));
    const walk = async (): Promise<void> => {
      await sleep(10);
      await Promise.resolve();
      seen.push(`woken at ${clock.now()}`);
      await sleep(10);
      seen.push(`woken at ${clock.now()}`);
    };
    const walking = walk();
    clock.after(15, () => seen.push('between'));
    await clock.advance(20);
    await walking;
    expect(seen).toEqual(['woken at 10', 'between', 'woken at 20']);
  });

  it('has moved when the call returns, where no timer is due', async () => {
    const clock = manualClock();
    const moved = clock.advance(5);
    expect(clock.now()).toBe(5);
    await moved;
  });

  it('adds up calls that overlap', async () => {
    const clock = manualClock();
    const times: number[] = [];
    clock.after(5, () => times.push(clock.now()));
    clock.after(12, () => times.push(clock.now()));
    await Promise.all([clock.advance(10), clock.advance(10)]);
    expect(clock.now()).toBe(20);
    expect(times).toEqual([5, 12]);
  });

  it('never runs a timer that was cancelled', async () => {
    const clock = manualClock();
    let hasRun = false;
    const cancel = clock.after(10, () => (hasRun = true));
    expect(clock.pending()).toBe(1);
    cancel();
    cancel();
    await clock.advance(10);
    expect(hasRun).toBe(false);
    expect(clock.pending()).toBe(0);
  });

  it('refuses to go back', async () => {
    await expect(manualClock().advance(-1)).rejects.toThrow('Invalid argument "ms"');
    await expect(manualClock().advance(NaN)).rejects.toThrow('Invalid argument "ms"');
  });
});
