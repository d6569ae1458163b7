import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { afterAllOf, afterItemsOf, itemKeyOf, prefixOf, readItemKey } from './item-key.ts';

const unit = fc.constantFrom('a', 'b', ':', '/', '\0', '\u0001', '\u0002', '\uffff', '\u{1f600}', '\ud800', '*');
const label = fc.string({ unit, minLength: 1, maxLength: 4 });
const namespace = fc.array(label, { maxLength: 3 });
const place = fc.record({ namespace, key: fc.string({ unit, maxLength: 4 }) });

describe('the key of an item', () => {
  it('is read as the place it was made of', () => {
    fc.assert(
      fc.property(place, (each) => {
        expect(readItemKey(itemKeyOf(each))).toEqual(each);
      }),
    );
  });

  it('begins with the prefix of a namespace exactly if it lies in it or below it', () => {
    fc.assert(
      fc.property(place, namespace, (each, root) => {
        const isBelow = root.every((own, depth) => each.namespace[depth] === own);
        expect(itemKeyOf(each).startsWith(prefixOf(root))).toBe(isBelow);
      }),
    );
  });

  it('is in the order of the labels, with a namespace before what is below it', () => {
    fc.assert(
      fc.property(place, place, (one, other) => {
        const expected =
          compareLabels(one.namespace, other.namespace) || compare(Buffer.from(one.key), Buffer.from(other.key));
        const found = compare(Buffer.from(itemKeyOf(one)), Buffer.from(itemKeyOf(other)));
        // Halves of characters are one and the same in a Buffer.
        if (expected !== 0) expect(found).toBe(expected);
      }),
    );
  });

  it('lies before or after the bounds of a namespace as it lies in it, below it, or elsewhere', () => {
    fc.assert(
      fc.property(place, fc.array(label, { minLength: 1, maxLength: 3 }), (each, root) => {
        const key = itemKeyOf(each);
        const isBelow = key.startsWith(prefixOf(root));
        const isIn = isBelow && each.namespace.length === root.length;
        const order = compareLabels(each.namespace, root);
        const from = (bound: string): boolean => compare(Buffer.from(key), Buffer.from(bound)) > 0;
        if (order === 0 && !isIn) return;
        expect(from(afterItemsOf(root))).toBe(!isIn && (isBelow || order > 0));
        expect(from(afterAllOf(root))).toBe(!isBelow && order > 0);
      }),
    );
  });
});

function compareLabels(one: readonly string[], other: readonly string[]): number {
  for (const [depth, own] of one.entries()) {
    const theirs = other[depth];
    if (theirs === undefined) return 1;
    const order = compare(Buffer.from(own), Buffer.from(theirs));
    if (order !== 0) return order;
  }
  return one.length < other.length ? -1 : 0;
}

function compare(one: Buffer, other: Buffer): number {
  return Buffer.compare(one, other);
}
