import { expect, it } from 'vitest';

import { SimulatedClock } from './simulated-clock.ts';
import { sleep } from './sleep.ts';

it('jumps to the moment that somebody waits for', async () => {
  const clock = new SimulatedClock(1000);
  await sleep(clock, 60_000);
  expect(clock.now()).toBe(61_000);
});

it('wakes sleepers in the order of their time, the older one first where it is the same', async () => {
  const clock = new SimulatedClock(0);
  const woken: string[] = [];
  const wake = async (name: string, delayMs: number): Promise<void> => {
    await sleep(clock, delayMs);
    woken.push(`${name} at ${clock.now()}`);
  };
  await Promise.all([wake('slow', 30), wake('first', 10), wake('second', 10)]);
  expect(woken).toEqual(['first at 10', 'second at 10', 'slow at 30']);
});

it('lets whoever was woken finish and sleep again before it goes on', async () => {
  const clock = new SimulatedClock(0);
  const seen: string[] = [];
  const ticking = async (name: string, periodMs: number): Promise<void> => {
    for (let tick = 0; tick < 3; tick += 1) {
      await sleep(clock, periodMs);
      seen.push(`${name} ${clock.now()}`);
    }
  };
  await Promise.all([ticking('a', 10), ticking('b', 15)]);
  expect(seen).toEqual(['a 10', 'b 15', 'a 20', 'b 30', 'a 30', 'b 45']);
});

it('does not let time fly for a timer that nobody waits for, and fires it on the way', async () => {
  const clock = new SimulatedClock(0);
  const fired: number[] = [];
  clock.after(20, () => fired.push(clock.now()));
  clock.after(1000, () => fired.push(clock.now()));
  await sleep(clock, 100);
  expect(fired).toEqual([20]);
  expect(clock.now()).toBe(100);
});

it('forgets a timer that was cancelled', async () => {
  const clock = new SimulatedClock(0);
  let isFired = false;
  const cancel = clock.after(10, () => (isFired = true));
  cancel();
  await sleep(clock, 20);
  expect(isFired).toBe(false);
});

it('stands still while one of several works, however long that takes', async () => {
  const clock = new SimulatedClock(0);
  const seen: string[] = [];
  const macrotasks = async (count: number): Promise<void> => {
    for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => void setImmediate(resolve));
  };
  const work = (name: string, delays: readonly number[]) => async (): Promise<void> => {
    for (const delayMs of delays) {
      await macrotasks(7);
      await sleep(clock, delayMs);
      seen.push(`${name} ${clock.now()}`);
    }
  };
  await clock.sideBySide([work('a', [10, 10, 10]), work('b', [15, 15])]);
  expect(seen).toEqual(['a 10', 'b 15', 'a 20', 'b 30', 'a 30']);
});

it('goes on when one of several has failed', async () => {
  const clock = new SimulatedClock(0);
  const failing = async (): Promise<void> => {
    throw new Error('out of order');
  };
  const sleeping = (): Promise<void> => sleep(clock, 10);
  await expect(clock.sideBySide([failing, sleeping])).rejects.toThrow('out of order');
  await sleep(clock, 10);
  expect(clock.now()).toBe(10);
});
