import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { compareKeys, SortedKeys } from './sorted-keys.ts';

const everything = { prefix: '', after: undefined, limit: Infinity };
const keyText = fc.string({ unit: fc.constantFrom('a', 'b', ':', '\uffff', '\u{1f600}', '\ud800'), maxLength: 6 });

describe('SortedKeys', () => {
  it('holds what a sorted set holds, and pages through it', () => {
    const step = fc.record({ add: fc.boolean(), key: keyText });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 200 }),
        keyText,
        fc.option(keyText, { nil: undefined }),
        (steps, prefix, after) => {
          const keys = new SortedKeys();
          const model = new Set<string>();
          for (const { add, key } of steps) {
            if (add) keys.add(key);
            else keys.delete(key);
            if (add) model.add(key);
            else model.delete(key);
          }
          const sorted = [...model].toSorted(compareKeys);
          expect(keys.page(everything, () => true).keys).toEqual(sorted);
          const expected = sorted.filter(
            (key) => key.startsWith(prefix) && (after === undefined || compareKeys(key, after) > 0),
          );
          expect(keys.page({ prefix, after, limit: 3 }, () => true)).toEqual({
            keys: expected.slice(0, 3),
            more: expected.length > 3,
          });
        },
      ),
    );
  });

  it('stays sorted when it splits and empties its pieces', () => {
    const keys = new SortedKeys();
    const all = Array.from({ length: 5_000 }, (_, index) => String((index * 7_919) % 5_000).padStart(4, '0'));
    for (const key of all) keys.add(key);
    for (const key of all) keys.add(key);
    expect(keys.page(everything, () => true).keys).toEqual(all.toSorted());
    for (const key of all) if (Number(key) % 3 !== 0) keys.delete(key);
    expect(keys.page(everything, () => true).keys).toEqual(all.filter((key) => Number(key) % 3 === 0).toSorted());
    for (const key of all) keys.delete(key);
    expect(keys.page(everything, () => true)).toEqual({ keys: [], more: false });
  });

  it('looks at the keys of a page only, and not at those before and after it', () => {
    const keys = new SortedKeys();
    for (let index = 0; index < 10_000; index += 1) keys.add(`key ${index}`);
    const looked: string[] = [];
    keys.page({ prefix: 'key 5', after: 'key 55', limit: 10 }, (key) => looked.push(key) > 0);
    expect(looked).toHaveLength(11);
  });
});

describe('compareKeys', () => {
  it('sorts as UTF-8 does', () => {
    const wellFormed = fc.string({ unit: 'binary', maxLength: 8 }).filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(wellFormed, wellFormed, (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
      }),
    );
  });
});
