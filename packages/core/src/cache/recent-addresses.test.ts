import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';

import { cacheKey } from '../codec/cache-key.ts';
import { encodeArguments } from '../codec/canonical-encoding.ts';
import { RecentAddresses } from './recent-addresses.ts';

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

describe('RecentAddresses', () => {
  it('returns the address with the key that spelling the arguments returns, however often and in whatever order it is asked', () => {
    fc.assert(
      fc.property(fc.array(fc.array(value, { maxLength: 3 }), { maxLength: 40 }), (calls) => {
        const addresses = new RecentAddresses('prefix');
        for (const args of [...calls, ...calls.toReversed()]) {
          expect(addresses.of(args, encodeArguments).key).toBe(cacheKey('prefix', encodeArguments(args)));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('does not spell the arguments of a recent call again', () => {
    const addresses = new RecentAddresses('p');
    const encode = vi.fn(encodeArguments);
    for (let turn = 0; turn < 3; turn += 1) addresses.of([{ userId: 'user_1', limit: 10 }, 'text'], encode);
    expect(encode).toHaveBeenCalledTimes(1);
  });

  it('spells again what cannot be told apart by looking: lists, long texts, negative zero, deep objects', () => {
    const addresses = new RecentAddresses('p');
    const encode = vi.fn(encodeArguments);
    const calls = [[[1]], ['x'.repeat(300)], [-0], [{ a: { b: { c: { d: { e: 1 } } } } }], [new Date(0)]];
    for (const args of [...calls, ...calls]) addresses.of(args, encode);
    expect(encode).toHaveBeenCalledTimes(10);
  });

  it('keeps nothing of arguments that cannot be spelled, and says so every time', () => {
    const addresses = new RecentAddresses('p');
    for (let turn = 0; turn < 2; turn += 1)
      expect(() => addresses.of([{ run: () => 1 }], encodeArguments)).toThrow('$[0].run');
  });

  it('remembers a bounded number of calls', () => {
    const addresses = new RecentAddresses('p');
    const encode = vi.fn(encodeArguments);
    for (let index = 0; index < 10_000; index += 1) addresses.of([index], encode);
    addresses.of([0], encode);
    expect(encode).toHaveBeenCalledTimes(10_001);
  });
});
