import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';

import type { AccountStep } from './account-step.ts';
import { stepLine } from './step-line.ts';

const step: AccountStep = {
  step: 7,
  session: 'user_1',
  toolCallId: 'call_7',
  tool: 'get_cart',
  input: { userId: 'user_1' },
  atMs: 3456,
  answer: 'hit',
  why: '3 s old, saved 120 ms',
};
const line = (change: Partial<AccountStep>): string => stripVTControlCharacters(stepLine({ ...step, ...change }));

it('says who asked for what, when, how it was answered and why', () => {
  expect(line({})).toBe(
    '   7   3.5 s  user_1      get_cart(user_1)                              hit       · 3 s old, saved 120 ms',
  );
});

it('lines up with every other', () => {
  const others = [
    line({ step: 123, atMs: 65_000, answer: 'coalesced' }),
    line({ session: 'agent-A', tool: 'fetch_page', input: { url: `https://dev.example/${'x'.repeat(80)}` } }),
    line({ tool: 'get_everything', input: {} }),
  ];
  expect(others.map((text) => text.indexOf('·'))).toEqual(others.map(() => line({}).indexOf('·')));
});

it('writes values as one would say them', () => {
  expect(line({ input: { sku: '#W-42', delta: -1, note: 'for "Ada"' } })).toContain(
    'get_cart(#W-42, -1, "for \\"Ada\\"")',
  );
  expect(line({ input: { url: 'https://dev.example/a' } })).toContain('get_cart(dev.example/a)');
  expect(line({ input: '{"broken' })).toContain('get_cart("{\\"broken")');
});
