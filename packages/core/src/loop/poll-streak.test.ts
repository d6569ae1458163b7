import { expect, test } from 'vitest';

import { continueStreak } from './poll-streak.ts';

test('a first answer begins a streak of one', () => {
  expect(continueStreak(undefined, 'running', 7, 0)).toEqual({
    answer: 'running',
    unchanged: 1,
    hasty: 1,
    answeredAt: 7,
  });
});

test('an equal answer continues the streak', () => {
  const streak = continueStreak(continueStreak(undefined, 'running', 0, 0), 'running', 5, 0);
  expect(streak).toEqual({ answer: 'running', unchanged: 2, hasty: 1, answeredAt: 5 });
});

test('another answer begins a new streak', () => {
  const streak = continueStreak(continueStreak(undefined, 'running', 0, 100), 'running', 5, 100);
  expect(streak.hasty).toBe(2);
  expect(continueStreak(streak, 'done', 9, 100)).toEqual({ answer: 'done', unchanged: 1, hasty: 1, answeredAt: 9 });
});

test('an answer is hasty when it comes sooner than the pause after the one before, and a pause ends the haste', () => {
  let streak = continueStreak(undefined, 'running', 0, 100);
  streak = continueStreak(streak, 'running', 99, 100);
  expect(streak.hasty).toBe(2);
  streak = continueStreak(streak, 'running', 199, 100);
  expect(streak).toMatchObject({ hasty: 1, unchanged: 3 });
});
