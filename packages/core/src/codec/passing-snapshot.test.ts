import { describe, expect, it } from 'vitest';

import { PassingSnapshot } from './passing-snapshot.ts';
import { encodeValue } from './value-codec.ts';

describe('a snapshot that only passes through', () => {
  it.each([{ id: 1, tags: ['a'] }, { at: new Date(1), seen: new Map([['a', 1]]) }, 'text', null])(
    'opens as %j, each time a value of its own',
    (value) => {
      const snapshot = new PassingSnapshot(encodeValue(value));
      const [first, second] = [snapshot.open(), snapshot.open()];
      expect([first, second, snapshot.held]).toEqual([value, value, value]);
      if (typeof value === 'object' && value !== null) expect(first).not.toBe(second);
    },
  );

  it('tells at once that a text is none of ours', () => {
    expect(() => new PassingSnapshot('j{"a":1')).toThrow(Error);
    expect(() => new PassingSnapshot('x')).toThrow(Error);
  });
});
