import { expect, it } from 'vitest';

import { headOf } from '../sealing/envelope.ts';
import { elementsOf, pieceOf } from './list-piece.ts';

it('returns the elements that were packed, whatever their lengths', () => {
  const elements = [0, 1, 127, 128, 16_383, 16_384, 3_000_000].map((length) => Buffer.alloc(length, length));
  const found = elementsOf(pieceOf(elements));
  expect(found.map(({ length }) => length)).toEqual(elements.map(({ length }) => length));
  expect(found.every((each, index) => elements[index]?.equals(each))).toBe(true);
  expect(elementsOf(pieceOf([]))).toEqual([]);
});

it('begins with no byte that an envelope begins with, whatever the length of the first element', () => {
  const heads = Array.from({ length: 1_000 }, (_, length) => pieceOf([Buffer.alloc(length)])[0]);
  expect(heads).not.toContain(headOf({ compression: 0, length: 0, keyId: '' })[0]);
});

it('refuses a piece that was cut off or filled up', () => {
  const piece = pieceOf([Buffer.alloc(200, 1)]);
  expect(() => elementsOf(piece.subarray(0, -1))).toThrow(RangeError);
  expect(() => elementsOf(piece.subarray(0, 2))).toThrow(RangeError);
  expect(() => elementsOf(Buffer.concat([piece, Buffer.of(5)]))).toThrow(RangeError);
  expect(() => elementsOf(Buffer.alloc(400, 0xff))).toThrow(RangeError);
  expect(() => elementsOf(Buffer.concat([Buffer.of(1), Buffer.alloc(400, 0xff)]))).toThrow(RangeError);
  expect(() => elementsOf(Buffer.alloc(0))).toThrow(RangeError);
});
