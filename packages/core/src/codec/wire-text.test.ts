import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fromWire, wireBytes } from './wire-text.ts';

/** Holds halves of surrogate pairs now and then, and whole ones. */
const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom('a', 'é', '\ud7ff', '\ue000', '\uffff', '\u{1f600}', '\ud800', '\udfff'),
    fc.string({ maxLength: 1 }),
  ),
});

describe('a text on the wire', () => {
  it('comes back as it went in, halves of surrogate pairs too', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(fromWire(wireBytes(value))).toBe(value);
      }),
    );
  });

  it('is another one for every other text, in the order of code points', () => {
    const compare = (one: string, other: string): number => {
      const [a, b] = [[...one], [...other]].map((each) => each.map((character) => character.codePointAt(0) as number));
      for (let index = 0; ; index += 1) {
        const [x = -1, y = -1] = [a?.[index], b?.[index]];
        if (x !== y) return Math.sign(x - y);
        if (x === -1) return 0;
      }
    };
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(Buffer.compare(wireBytes(one), wireBytes(other))).toBe(compare(one, other));
      }),
    );
  });
});
