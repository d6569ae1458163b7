import { isDeepStrictEqual } from 'node:util';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { deeplyEqual } from '../../test/deeply-equal.ts';
import { encodeArguments, encodeCanonical } from './canonical-encoding.ts';

// Node 22 takes two invalid dates for different, so its verdict says nothing about them.
const SEES_INVALID_DATES = isDeepStrictEqual(new Date(NaN), new Date(NaN));

class Foo {
  readonly name = 'foo';
}

// A small alphabet, so that equal values, forged separators and near misses turn up often.
const text = fc.oneof(
  fc.constantFrom('', 'a', 'b', 'ab', '1', '0', 's1:a', ';', ']', '}', '\0', '\ud800', '\udc00', '\ud800\udc00'),
  fc.string({ maxLength: 2 }),
);
const key = fc.oneof(fc.constantFrom('a', 'b', '', '0', '__proto__', 'constructor', 'toString', 'length'), text);
const bytes = fc.uint8Array({ maxLength: 8 }).map((array) => array.slice(0, array.length & 8).buffer);
const leaf = fc.oneof(
  text,
  fc.constantFrom(null, undefined, true, false, 0, -0, 1, 10, 0.1, 1e21, NaN, Infinity, -Infinity, 0n, 1n, -1n),
  fc.double(),
  fc.bigInt(),
  fc.constantFrom(0, 1, ...(SEES_INVALID_DATES ? [NaN] : [])).map((time) => new Date(time)),
  fc.constantFrom('https://a.example/', 'https://a.example/b').map((href) => new URL(href)),
  bytes,
  bytes.map((buffer) => new Uint8Array(buffer)),
  bytes.map((buffer) => new Int8Array(buffer)),
  bytes.map((buffer) => new Float64Array(buffer)),
  bytes.map((buffer) => new BigInt64Array(buffer)),
  bytes.map((buffer) => new DataView(buffer)),
  bytes.map((buffer) => Buffer.from(buffer)),
);
const { data } = fc.letrec((tie) => ({
  data: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('data'), { maxLength: 3 }),
    fc.sparseArray(tie('data'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('data')), { maxLength: 3 }).map((entries) => Object.fromEntries(entries)),
    fc.array(fc.tuple(tie('data'), tie('data')), { maxLength: 3 }).map((entries) => new Map(entries)),
    fc.array(tie('data'), { maxLength: 3 }).map((members) => new Set(members)),
  ),
}));

describe('encodeCanonical', () => {
  it('gives two values one text exactly when they are deeply equal', () => {
    fc.assert(
      fc.property(data, data, (a, b) => {
        expect(encodeCanonical(a) === encodeCanonical(b)).toBe(deeplyEqual(a, b));
      }),
      { numRuns: 20_000 },
    );
  });

  it('gives two small structures of the same leaves one text exactly when they are deeply equal', () => {
    const few = fc.constantFrom('a', '', 1, undefined, null, -0, 0);
    const small = fc.oneof(
      fc.array(few, { maxLength: 2 }),
      fc.sparseArray(few, { maxLength: 3, maxNumElements: 2 }),
      fc.array(few, { maxLength: 3 }).map((members) => new Set(members.map((member) => [member]))),
      fc.array(fc.tuple(few, few), { maxLength: 3 }).map((entries) => new Map(entries)),
      fc.array(fc.tuple(few, few), { maxLength: 2 }).map((entries) => new Map(entries.map(([k, v]) => [[k], v]))),
      fc.array(fc.tuple(key, few), { maxLength: 2 }).map((entries) => Object.fromEntries(entries)),
    );
    fc.assert(
      fc.property(small, small, (a, b) => {
        expect(encodeCanonical(a) === encodeCanonical(b)).toBe(deeplyEqual(a, b));
      }),
      { numRuns: 50_000 },
    );
  });

  it('gives a copy with its keys, entries and members in another order the same text', () => {
    fc.assert(
      fc.property(data, (value) => {
        const copy = reversed(value);
        expect(deeplyEqual(copy, value)).toBe(true);
        expect(encodeCanonical(copy)).toBe(encodeCanonical(value));
      }),
      { numRuns: 5_000 },
    );
  });

  it('sorts many keys as it sorts a few', () => {
    const keys = Array.from({ length: 40 }, (_, index) => `key ${index}`);
    const object = Object.fromEntries(keys.map((name) => [name, name]));
    expect(encodeCanonical(reversed(object))).toBe(encodeCanonical(object));
  });

  it.each([
    [['user_1'], '[s6:user_1]'],
    [[{ userId: 'user_1', limit: 10 }], '[{5:limitd10;6:userIds6:user_1}]'],
    [[undefined, null, true, false, -0, NaN, 12n], '[untfd-0;dNaN;i12;]'],
    [[new Map([['b', 1]]), new Set(['c', 'b'])], '[Ms1:bd1;)Ss1:bs1:c)]'],
    [[new Date(5), new URL('https://a.example')], '[D5;U18:https://a.example/]'],
    [[Uint8Array.of(65, 66), Buffer.from('A')], '[BUint8Array:2:ABBBuffer:1:A]'],
    // oxlint-disable-next-line no-sparse-arrays
    [[, 1, , ,], '[h1;d1;h2;]'],
  ])('keeps the spelling of %o, since stored keys depend on it', (value, expected) => {
    expect(encodeCanonical(value)).toBe(expected);
  });

  it('takes a long, nearly empty array without visiting its holes', () => {
    const long: unknown[] = [];
    long[2 ** 32 - 2] = 1;
    expect(encodeCanonical(long)).toBe('[h4294967294;d1;]');
  });

  it('takes an object without a prototype for a plain one with the same members', () => {
    const bare = Object.assign(Object.create(null), { a: 1 });
    expect(encodeCanonical(bare)).toBe(encodeCanonical({ a: 1 }));
  });

  it('tells apart what JSON.parse makes of __proto__', () => {
    const hidden = JSON.parse('{"q":"x","__proto__":{"tenant":"A"}}');
    expect(encodeCanonical(hidden)).not.toBe(encodeCanonical({ q: 'x' }));
    expect(encodeCanonical(hidden)).not.toBe(encodeCanonical(JSON.parse('{"q":"x","__proto__":{"tenant":"B"}}')));
  });

  it('encodes an object that stands in two places', () => {
    const shared = { a: 1 };
    expect(encodeCanonical([shared, shared])).toBe(encodeCanonical([{ a: 1 }, { a: 1 }]));
  });

  it('sees only the bytes that a view shows', () => {
    expect(encodeCanonical(Uint8Array.of(1, 2, 3).subarray(1))).toBe(encodeCanonical(Uint8Array.of(2, 3)));
  });

  const cycle: { a: { b?: unknown } } = { a: {} };
  cycle.a.b = cycle;
  const detached = new Uint8Array(8);
  structuredClone(detached, { transfer: [detached.buffer] });

  const refused: [value: unknown, path: string, obstacle: string][] = [
    [() => 1, '$', 'a function'],
    [{ a: [1, 2, Symbol('x')] }, '$.a[2]', 'a symbol'],
    [{ 'not a name': new Foo() }, '$["not a name"]', 'an instance of Foo'],
    [new Map([[{ id: 1 }, { f: () => 1 }]]), '$.entries()[0][1].f', 'a function'],
    [new Map([[new Foo(), 1]]), '$.entries()[0][0]', 'an instance of Foo'],
    [[new Set([1, [new Foo()]])], '$[0].values()[1][0]', 'an instance of Foo'],
    [Object(1n), '$', 'an instance of BigInt'],
    [Object('a'), '$', 'an instance of String'],
    [/a/, '$', 'an instance of RegExp'],
    [new TypeError('a'), '$', 'an instance of TypeError'],
    [{ a: Promise.resolve() }, '$.a', 'an instance of Promise'],
    [new AbortController().signal, '$', 'an instance of AbortSignal'],
    [new (class extends Map {})(), '$', 'an instance of an unnamed class'],
    [new (class List extends Array {})(), '$', 'an instance of List'],
    [Object.create(Object.create(null)), '$', 'an instance of an unnamed class'],
    [Object.create(Map.prototype), '$', 'an instance of Map'],
    [Object.create(URL.prototype), '$', 'an instance of URL'],
    [{ a: new Proxy({}, {}) }, '$.a', 'a proxy'],
    [{ a: detached }, '$.a', 'a detached ArrayBuffer'],
    [cycle, '$.a.b', 'a cycle'],
    [{ a: { [Symbol('x')]: 1 } }, '$.a', 'a symbol key'],
    [[Object.assign([1], { [Symbol('x')]: 1 })], '$[0]', 'a symbol key'],
    [{ a: Object.assign([1], { more: 1 }) }, '$.a', 'extra properties on an array'],
    [Object.assign([], { '-1': 1 }), '$', 'extra properties on an array'],
    [Object.assign([], { '4294967295': 1 }), '$', 'extra properties on an array'],
    [Object.assign(new Map(), { more: 1 }), '$', 'extra properties on an instance of Map'],
    [Object.assign(new Date(), { more: 1 }), '$', 'extra properties on an instance of Date'],
    [Object.assign(new Uint8Array(3), { more: 1 }), '$', 'extra properties on an instance of Uint8Array'],
    [{ toJSON: () => ({}) }, '$.toJSON', 'a function'],
    [{ a: nested(201) }, `$.a${'[0]'.repeat(199)}`, 'nesting deeper than 200'],
    [{ a: Array.from({ length: 17 }, () => 'x'.repeat(2 ** 20)) }, '$.a', 'more than 16777216 characters of text'],
  ];
  it.each(refused.map(([value, path, obstacle]) => ({ value, path, obstacle })))(
    'refuses $obstacle at $path',
    ({ value, path, obstacle }) => {
      expect(() => encodeCanonical(value)).toThrow(
        expect.objectContaining({ name: 'NotEncodableError', code: 'not_encodable', path, obstacle }),
      );
    },
  );

  it('encodes 200 levels', () => {
    expect(encodeCanonical(nested(200))).toBe('['.repeat(200) + ']'.repeat(200));
  });
});

describe('encodeArguments', () => {
  it('spells arguments as an array of them', () => {
    fc.assert(
      fc.property(fc.array(data, { maxLength: 3 }), (args) => {
        expect(encodeArguments(args)).toBe(encodeCanonical(args));
      }),
    );
  });

  it('names the argument in the path of an error', () => {
    expect(() => encodeArguments(['a', { f: () => 1 }])).toThrow(expect.objectContaining({ path: '$[1].f' }));
  });

  it('tells a missing argument from undefined', () => {
    expect(encodeArguments([])).not.toBe(encodeArguments([undefined]));
  });
});

function nested(depth: number): unknown {
  let value: unknown[] = [];
  for (let level = 1; level < depth; level++) value = [value];
  return value;
}

function reversed(value: unknown): unknown {
  if (value instanceof Map) {
    return new Map([...value].toReversed().map(([name, member]) => [reversed(name), reversed(member)]));
  }
  if (value instanceof Set) return new Set([...value].toReversed().map(reversed));
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const entries = Object.entries(value).toReversed();
  return Object.fromEntries(entries.map(([name, member]) => [name, reversed(member)]));
}
