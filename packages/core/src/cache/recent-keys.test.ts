import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';

import { cacheKey } from '../codec/cache-key.ts';
import { encodeArguments } from '../codec/canonical-encoding.ts';
import { RecentKeys } from './recent-keys.ts';

const primitive = fc.oneof(
  fc.constantFrom<unknown>(null, undefined, true, false, 0, -0, 1, '1', NaN, '', 'a', '__proto__', 5n),
  fc.integer(),
  fc.string(),
);
const name = fc.constantFrom('a', 'b', 'c', '1');
const value = fc.letrec((tie) => ({
  any: fc.oneof({ depthSize: 'small' }, primitive, tie('object'), tie('array')),
  object: fc.dictionary(name, tie('any'), { maxKeys: 3, noNullPrototype: false }),
  array: fc.array(tie('any'), { maxLength: 3 }),
})).any;

describe('RecentKeys', () => {
  it('returns the key that spelling the arguments returns, however often and in whatever order it is asked', () => {
    fc.assert(
      fc.property(fc.array(fc.array(value, { maxLength: 3 }), { maxLength: 40 }), (calls) => {
        const keys = new RecentKeys('prefix');
        for (const args of [...calls, ...calls.toReversed()]) {
          expect(keys.key(args, encodeArguments)).toBe(cacheKey('prefix', encodeArguments(args)));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('does not spell the arguments of a recent call again', () => {
    const keys = new RecentKeys('p');
    const encode = vi.fn(encodeArguments);
    for (let turn = 0; turn < 3; turn += 1) keys.key([{ userId: 'user_1', limit: 10 }, 'text'], encode);
    expect(encode).toHaveBeenCalledTimes(1);
  });

  it('spells again what cannot be told apart by looking: lists, long texts, negative zero, deep objects', () => {
    const keys = new RecentKeys('p');
    const encode = vi.fn(encodeArguments);
    const calls = [[[1]], ['x'.repeat(300)], [-0], [{ a: { b: { c: { d: { e: 1 } } } } }], [new Date(0)]];
    for (const args of [...calls, ...calls]) keys.key(args, encode);
    expect(encode).toHaveBeenCalledTimes(10);
  });

  it('keeps nothing of arguments that cannot be spelled, and says so every time', () => {
    const keys = new RecentKeys('p');
    for (let turn = 0; turn < 2; turn += 1)
      expect(() => keys.key([{ run: () => 1 }], encodeArguments)).toThrow('$[0].run');
  });

  it('remembers a bounded number of calls', () => {
    const keys = new RecentKeys('p');
    const encode = vi.fn(encodeArguments);
    for (let index = 0; index < 10_000; index += 1) keys.key([index], encode);
    keys.key([0], encode);
    expect(encode).toHaveBeenCalledTimes(10_001);
  });
});
