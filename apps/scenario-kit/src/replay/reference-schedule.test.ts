import { expect, it } from 'vitest';

import { referenceSchedule } from './reference-schedule.ts';

const sessions = [3, 1, 2].map((length) => ({ calls: Array.from({ length }) }));
const order = (concurrency: number, seed: number): string =>
  [...referenceSchedule(sessions, concurrency, seed)].map(([session, call]) => `${session}.${call}`).join(' ');

it('takes one session after the other when one is admitted at a time', () => {
  expect(order(1, 1)).toBe('0.0 0.1 0.2 1.0 2.0 2.1');
});

it('takes every call once and the calls of a session in their order, however many are under way', () => {
  const steps = order(3, 5).split(' ');
  expect(steps.toSorted()).toEqual(['0.0', '0.1', '0.2', '1.0', '2.0', '2.1']);
  for (const session of ['0', '1', '2']) {
    const own = steps.filter((step) => step.startsWith(session));
    expect(own).toEqual(own.toSorted());
  }
});

it('takes another order for another seed, and the same for the same', () => {
  expect(order(3, 1)).toBe(order(3, 1));
  expect(new Set([1, 2, 3, 4].map((seed) => order(3, seed))).size).toBeGreaterThan(1);
});
