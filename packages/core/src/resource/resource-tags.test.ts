import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ResourcePath } from './resource-path.ts';
import { GLOBAL_TREE, readTags, sessionTree, userTree, writeTags } from './resource-tags.ts';

/** The rule, as it is promised. */
function isPrefix(one: ResourcePath, other: ResourcePath): boolean {
  return one.length <= other.length && one.every((segment, index) => segment === other[index]);
}

function isInvalidated(read: ResourcePath, written: ResourcePath): boolean {
  return isPrefix(read, written) || isPrefix(written, read);
}

function meet(one: Iterable<string>, other: ReadonlySet<string>): boolean {
  for (const tag of one) if (other.has(tag)) return true;
  return false;
}

const HOSTILE = ['', '/', '%2f', 'a/', ':', '\u001f', 'a', '=', '*'];
const segment = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...HOSTILE, 'a/b', '%', '%%', '\0', '\n', '\u007f', 'g:', 'ä', '\u{1f600}') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
);
const path = fc.array(segment, { maxLength: 4 });
/** Two paths that share a beginning more often than chance would have it. */
const pair = fc.oneof(
  fc.tuple(path, path),
  fc.tuple(path, path, path).map(([shared, one, other]) => [
    [...shared, ...one],
    [...shared, ...other],
  ]),
  fc.tuple(path, path).map(([shared, rest]) => [shared, [...shared, ...rest]]),
) as fc.Arbitrary<[string[], string[]]>;

describe('the tags of reads and writes', () => {
  it('meet exactly when one path is a prefix of the other, for all pairs of hostile paths up to a depth of three', () => {
    const paths: ResourcePath[] = [[]];
    for (let from = 0, depth = 1; depth <= 3; depth += 1) {
      const until = paths.length;
      for (; from < until; from += 1)
        for (const last of HOSTILE.slice(0, 6)) paths.push([...(paths[from] as string[]), last]);
    }
    expect(paths).toHaveLength(1 + 6 + 36 + 216);
    const reads = paths.map((read) => readTags(GLOBAL_TREE, [read]));
    const writes = paths.map((written) => new Set(writeTags(GLOBAL_TREE, [written])));
    const wrong: [ResourcePath, ResourcePath][] = [];
    for (const [i, read] of paths.entries()) {
      for (const [j, written] of paths.entries()) {
        if (meet(reads[i] as string[], writes[j] as Set<string>) !== isInvalidated(read, written))
          wrong.push([read, written]);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('meet exactly when one path is a prefix of the other, for any paths', () => {
    fc.assert(
      fc.property(pair, ([read, written]) => {
        const meets = meet(readTags(GLOBAL_TREE, [read]), new Set(writeTags(GLOBAL_TREE, [written])));
        expect(meets).toBe(isInvalidated(read, written));
      }),
      { numRuns: 20_000 },
    );
  });

  it('of several paths meet exactly when any two of the paths do', () => {
    const several = fc.array(path, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(several, several, (reads, written) => {
        const meets = meet(readTags(GLOBAL_TREE, reads), new Set(writeTags(GLOBAL_TREE, written)));
        expect(meets).toBe(reads.some((read) => written.some((one) => isInvalidated(read, one))));
      }),
      { numRuns: 5_000 },
    );
  });

  it('never meet across two trees, whatever the ids are', () => {
    const id = fc.oneof(segment, fc.constantFrom('u1', 'u1:', 'u1:/', '', 'g', 's'));
    const tree = fc.oneof(fc.constant(GLOBAL_TREE), id.map(userTree), id.map(sessionTree));
    fc.assert(
      fc.property(tree, tree, pair, (one, other, [read, written]) => {
        fc.pre(one !== other);
        expect(meet(readTags(one, [read]), new Set(writeTags(other, [written])))).toBe(false);
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    [userTree('u1:'), ['a'], userTree('u1'), [':a']],
    [userTree('u1'), [], userTree('u1:'), []],
    [sessionTree('a/b'), ['c'], sessionTree('a'), ['b', 'c']],
    [userTree('%3a'), ['a'], userTree(':'), ['a']],
    [GLOBAL_TREE, ['a'], userTree(''), ['a']],
  ])('never meet across the trees %j and %j', (one, read, other, written) => {
    expect(meet(readTags(one, [read]), new Set(writeTags(other, [written])))).toBe(false);
  });

  it('are different for different paths', () => {
    fc.assert(
      fc.property(pair, ([one, other]) => {
        const same = one.length === other.length && isPrefix(one, other);
        expect(readTags(GLOBAL_TREE, [one]).join('\n') === readTags(GLOBAL_TREE, [other]).join('\n')).toBe(same);
      }),
      { numRuns: 5_000 },
    );
  });

  it('hold no character that a store could take for a separator', () => {
    fc.assert(
      fc.property(path, (any) => {
        for (const tag of [
          ...readTags(sessionTree(any[0] ?? ''), [any]),
          ...writeTags(userTree(any[0] ?? ''), [any]),
        ]) {
          // oxlint-disable-next-line no-control-regex
          expect(tag).not.toMatch(/[\u0000-\u001f\u007f]/);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('readTags', () => {
  it('names every proper prefix as written exactly, and the path itself as written at or below', () => {
    expect(readTags(GLOBAL_TREE, [['cart', 'user_1']])).toEqual(['=g:', '=g:cart/', '*g:cart/user_1/']);
  });

  it('depends on the whole tree where no path is named', () => {
    const tags = readTags(GLOBAL_TREE, []);
    expect(meet(tags, new Set(writeTags(GLOBAL_TREE, [[]])))).toBe(true);
    expect(meet(tags, new Set(writeTags(GLOBAL_TREE, [['cart']])))).toBe(false);
  });

  it('carries one tag more than the path is deep, and none twice', () => {
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 4 }), (read) => {
        const tags = readTags(GLOBAL_TREE, [read]);
        expect(tags).toHaveLength(read.length + 1);
        expect(new Set(readTags(GLOBAL_TREE, [read, read])).size).toBe(tags.length);
        expect(readTags(GLOBAL_TREE, [read, read])).toEqual(tags);
      }),
    );
  });
});

describe('writeTags', () => {
  it('names the path as written exactly and at or below, and every proper prefix as written below', () => {
    expect(writeTags(GLOBAL_TREE, [['cart', 'user_1']]).sort()).toEqual([
      '*g:',
      '*g:cart/',
      '*g:cart/user_1/',
      '=g:cart/user_1/',
    ]);
  });

  it('writes nothing where no path is named', () => {
    expect(writeTags(GLOBAL_TREE, [])).toEqual([]);
  });

  it('bumps two tags more than the path is deep, and none twice', () => {
    fc.assert(
      fc.property(path, (written) => {
        expect(writeTags(GLOBAL_TREE, [written])).toHaveLength(written.length + 2);
        expect(writeTags(GLOBAL_TREE, [written, written])).toEqual(writeTags(GLOBAL_TREE, [written]));
      }),
    );
  });
});
