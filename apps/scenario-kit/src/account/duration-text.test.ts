import { expect, it } from 'vitest';

import { durationText } from './duration-text.ts';

it.each([
  [0, '0 ms'],
  [119.6, '120 ms'],
  [3000, '3 s'],
  [1449, '1.4 s'],
  [150_000, '2.5 min'],
])('writes %d milliseconds as %s', (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text);
});
