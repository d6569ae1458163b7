import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';

import { decodeValue, encodeValue } from './value-codec.ts';

describe('encodeValue', () => {
  it.each([
    [{ a: [1, 'b', true, null] }, 'j{"a":[1,"b",true,null]}'],
    ['a', 'j"a"'],
    [null, 'jnull'],
    [1, 'd[1]'],
    [undefined, 'd-1'],
    [[new Date(0)], 'd[[1],["Date","1970-01-01T00:00:00.000Z"]]'],
    [[1, 1n], 'd[[1,2],1,["BigInt","1"]]'],
    [Uint8Array.of(0, 1, 2, 3).subarray(1, 3), 'd[["Uint8Array",1],["ArrayBuffer","AQI="]]'],
    [Buffer.from('A'), 'd[["Buffer",1],["Uint8Array",2],["ArrayBuffer","QQ=="]]'],
  ])('writes %o as %s, since stored values depend on it', (value, expected) => {
    expect(encodeValue(value)).toBe(expected);
    expect(decodeValue(expected)).toEqual(value);
  });

  it('writes an object that stands in many places once', () => {
    let value: unknown[] = ['leaf'];
    for (let level = 0; level < 100; level++) value = [value, value];
    expect(encodeValue(value).length).toBeLessThan(2_000);
  });

  it('writes text that survives UTF-8', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), (units) => {
        const text = String.fromCharCode(...units);
        for (const value of [text, { [text]: text }, [text, undefined], new Map([[text, { [text]: text }]])]) {
          expect(encodeValue(value).isWellFormed()).toBe(true);
        }
      }),
    );
  });

  it('calls no toJSON, not even one that somebody has added to all objects', () => {
    const toJSON = vi.fn<() => string>(() => 'called');
    Reflect.defineProperty(Object.prototype, 'toJSON', { value: toJSON, configurable: true });
    try {
      expect(decodeValue(encodeValue({ a: [1] }))).toEqual({ a: [1] });
      expect(toJSON).not.toHaveBeenCalled();
    } finally {
      Reflect.deleteProperty(Object.prototype, 'toJSON');
    }
  });
});

describe('decodeValue', () => {
  it('throws for any text that was cut off', () => {
    const value = fc.anything({
      key: fc.string().filter((name) => name !== '__proto__'),
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withBigInt: true,
    });
    fc.assert(
      fc.property(value, (original) => {
        const text = encodeValue(original);
        for (let length = 0; length < text.length; length++) {
          expect(() => decodeValue(text.slice(0, length))).toThrow(Error);
        }
      }),
    );
  });

  it.each([
    '',
    'j',
    'd',
    'x{}',
    '{}',
    ' j1',
    'd[]',
    'd{}',
    'd[1',
    'd7',
    'd-2',
    'd[[5]]',
    'd[["RegExp","(a+)+$"]]',
    'd[["Object",1],1]',
    'd[["URLSearchParams","a=1"]]',
    'd[["Temporal.Instant","2020-01-01T00:00:00Z"]]',
    'd[["Promise",1],1]',
    'd[["URL","no url"]]',
    'd[["Buffer",1],{"length":2},1000000000]',
    'd[["Buffer",1],{"buffer":2},{"length":3},4]',
    'd[["Buffer",1],1000000000]',
    'd[["Uint8Array",1],1000000000]',
    'd[{"__proto__":1},[]]',
    'd[["null","__proto__",1],[]]',
    'd[[-7,1e10,0,1],1]',
  ])('throws for %s, which is never written', (text) => {
    expect(() => decodeValue(text)).toThrow(Error);
  });

  it('leaves the prototype of what it builds alone', () => {
    const value = decodeValue('j{"__proto__":{"admin":true}}') as { admin?: boolean };
    expect(value.admin).toBeUndefined();
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value)).toEqual(['__proto__']);
  });
});
