import fc from 'fast-check';
import { expect, it } from 'vitest';

import { wireBytes } from '../../../codec/wire-text.ts';
import { keyPage, type KeyBounds, type KeyRow } from './key-bounds.ts';

/** Returns keys of a range, as a table with an index would. */
function within(keys: readonly string[], { start, end, limit }: KeyBounds): KeyRow[] {
  return keys
    .map((key) => ({ key: wireBytes(key) }))
    .toSorted((one, other) => Buffer.compare(one.key, other.key))
    .filter(({ key }) => Buffer.compare(key, start) >= 0 && Buffer.compare(key, end) < 0)
    .slice(0, limit);
}

/** Is made of few characters, so that one text is often the beginning of another; halves of surrogate pairs are among them. */
const text = fc.string({
  unit: fc.constantFrom('a', 'b', '\0', 'é', '\uffff', '\u{1f600}', '\u{1f601}', '\ud83d', '\ude00'),
  maxLength: 4,
});

it('puts every key that begins with the prefix on one page, in the order of code points', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(text, { maxLength: 12 }),
      text,
      fc.integer({ min: 1, max: 5 }),
      (keys, prefix, limit) => {
        const expected = keys
          .filter((key) => key.startsWith(prefix))
          .toSorted((one, other) => Buffer.compare(wireBytes(one), wireBytes(other)));
        const found: string[] = [];
        for (let after: string | undefined, more = true; more; after = found.at(-1)) {
          const page = keyPage({ prefix, after, limit }, (bounds) => within(keys, bounds));
          expect(page.keys.length).toBeLessThanOrEqual(limit);
          found.push(...page.keys);
          more = page.more;
        }
        expect(found).toEqual(expected);
      },
    ),
  );
});

it('begins after a key that is not there, also one that does not begin with the prefix', () => {
  const page = (prefix: string, after: string) =>
    keyPage({ prefix, after, limit: 1 }, (bounds) => within(['a:1', 'a:2', 'b'], bounds)).keys;
  expect([page('a', 'a:15'), page('a:', 'Z'), page('a:', 'b')]).toEqual([['a:2'], ['a:1'], []]);
});
