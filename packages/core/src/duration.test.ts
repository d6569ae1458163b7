import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseDuration } from './duration.ts';
import { InvalidOptionError } from './errors.ts';

describe('parseDuration', () => {
  it.each([
    ['250ms', 250],
    ['30s', 30_000],
    ['5m', 300_000],
    ['24h', 86_400_000],
    ['7d', 604_800_000],
    ['1.5s', 1_500],
    ['0.5ms', 0.5],
    ['007s', 7_000],
    [1, 1],
    [0.25, 0.25],
    [Number.MAX_VALUE, Number.MAX_VALUE],
  ] as const)('turns %j into %d ms', (value, milliseconds) => {
    expect(parseDuration(value, 'ttl')).toBe(milliseconds);
  });

  it('reads every whole number with every unit', () => {
    const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
    const unit = fc.constantFrom(...(Object.keys(units) as (keyof typeof units)[]));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), unit, (amount, name) => {
        expect(parseDuration(`${amount}${name}`, 'ttl')).toBe(amount * units[name]);
      }),
    );
  });

  it.each([
    0,
    -1,
    NaN,
    Infinity,
    -Infinity,
    -0,
    '',
    '5',
    'm',
    '5 m',
    ' 5m',
    '5m ',
    '+5m',
    '-5m',
    '5M',
    '5min',
    '1e3s',
    '.5s',
    '5.s',
    '1_000ms',
    '0s',
    '5m30s',
    '٥m',
    `${'9'.repeat(400)}d`,
    null,
    undefined,
    true,
    {},
    [5],
    '5m\n',
  ])('refuses %j', (value) => {
    const refuse = (): number => parseDuration(value as never, 'barrier.maxDuration');
    expect(refuse).toThrow(InvalidOptionError);
    expect(refuse).toThrow(
      /^Invalid option "barrier\.maxDuration": received .+, allowed: a positive number of milliseconds/s,
    );
  });
});
