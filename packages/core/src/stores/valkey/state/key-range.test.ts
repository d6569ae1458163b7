import { describe, expect, it } from 'vitest';

import { wireBytes } from '../../../codec/wire-text.ts';
import { gatherPage, keyRange, type KeyRange } from './key-range.ts';

/** Returns keys of a range, as the server would. */
function within(keys: readonly string[], { from, to }: KeyRange, limit: number): string[] {
  const bound = (text: Buffer | string): Buffer => Buffer.from(text as string).subarray(1);
  const isIn = (key: string): boolean => {
    if (from !== '-') {
      const order = Buffer.compare(wireBytes(key), bound(from));
      if (order < 0 || (order === 0 && String(from).startsWith('('))) return false;
    }
    return to === '+' || Buffer.compare(wireBytes(key), bound(to)) < 0;
  };
  return keys
    .filter(isIn)
    .toSorted((one, other) => Buffer.compare(wireBytes(one), wireBytes(other)))
    .slice(0, limit);
}

const KEYS = ['a', 'a:1', 'a:2', 'a:\uffff', 'a:\u{1f600}', 'a:\u{1f601}', 'a:\ud83d', 'a;', 'b', ''];

describe('a page of keys', () => {
  it.each(['', 'a', 'a:', 'a:\u{1f600}', 'a:\ud83d', 'c'])(
    'has all that begin with %j, over any size of page',
    async (prefix) => {
      const expected = KEYS.filter((key) => key.startsWith(prefix));
      for (const limit of [1, 2, 3, 100]) {
        const found: string[] = [];
        for (let after: string | undefined, more = true; more; after = found.at(-1)) {
          const page = await gatherPage({ prefix, after, limit }, async (range, count) => within(KEYS, range, count));
          expect(page.keys.length).toBeLessThanOrEqual(limit);
          found.push(...page.keys);
          more = page.more;
        }
        expect(found.toSorted()).toEqual(expected.toSorted());
      }
    },
  );

  it('leaves out what is not there, and says truly whether there is more', async () => {
    const fetch = async (range: KeyRange, count: number) => within(KEYS, range, count);
    const isThere = async (keys: readonly string[]) => keys.map((key) => key.length > 2);
    expect(await gatherPage({ prefix: '', after: undefined, limit: 2 }, fetch, isThere)).toMatchObject({ more: true });
    const all = await gatherPage({ prefix: '', after: undefined, limit: 6 }, fetch, isThere);
    expect([all.keys.length, all.more]).toEqual([6, false]);
  });

  it('begins after a key that is not there any more', () => {
    expect(within(KEYS, keyRange({ prefix: 'a', after: 'a:15' }), 1)).toEqual(['a:2']);
    expect(within(KEYS, keyRange({ prefix: 'a:', after: 'Z' }), 1)).toEqual(['a:1']);
  });
});
