import { isDeepStrictEqual } from 'node:util';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { deeplyEqual } from '../../test/deeply-equal.ts';
import { KeepstepError } from '../errors.ts';
import { decodeValue, encodeValue } from './value-codec.ts';
import { restoreSnapshot, snapshotText } from './snapshot-text.ts';
import { takeSnapshot } from './value-snapshot.ts';

// Node 22 takes two invalid dates for different, so its verdict says nothing about them.
const SEES_INVALID_DATES = isDeepStrictEqual(new Date(NaN), new Date(NaN));

/** Every way that a value can take through a cache and back. */
const ways: readonly [string, (value: unknown) => unknown][] = [
  ['text', (value) => decodeValue(encodeValue(value))],
  ['copy', (value) => takeSnapshot(value, 'copy').open()],
  ['freeze', (value) => takeSnapshot(value, 'freeze').open()],
  ['text of a snapshot', (value) => decodeValue(snapshotText(takeSnapshot(value, 'copy')))],
  ['restored copy', (value) => restoreSnapshot(encodeValue(value), 'copy').open()],
  ['restored freeze', (value) => restoreSnapshot(encodeValue(value), 'freeze').open()],
  ['restored share', (value) => restoreSnapshot(encodeValue(value), 'share').open()],
];

class Bytes extends Uint8Array {}

class Socket {
  readonly port = 1;
}

const cyclicObject: Record<string, unknown> = { name: 'a' };
cyclicObject['self'] = cyclicObject;
const cyclicMap = new Map<unknown, unknown>();
cyclicMap.set('self', cyclicMap).set(cyclicMap, [cyclicMap]);
const longArray: unknown[] = [1];
longArray[2 ** 32 - 2] = 2;
const shared = { at: new Date(1) };
const detached = new Uint8Array(8);
structuredClone(detached, { transfer: [detached.buffer] });

const lossless: readonly [string, unknown][] = [
  ['null', null],
  ['undefined', undefined],
  ['true', true],
  ['an empty string', ''],
  ['a lone surrogate', 'a\ud800'],
  ['a key with a lone surrogate', { '\udc00': 1 }],
  ['NUL and astral characters', '\0 \u{1f600} \u2028 </script>'],
  ['NaN', NaN],
  ['infinities', [Infinity, -Infinity]],
  ['-0', -0],
  ['-0 in an object', { zero: -0, other: 0 }],
  ['large and small numbers', [Number.MAX_VALUE, Number.MIN_VALUE, 1e21, 2 ** 53]],
  ['a bigint', 1n],
  ['a bigint beyond 64 bits in a map', new Map([[-(2n ** 200n), 2n ** 64n]])],
  ['undefined as a property', { a: undefined }],
  ['undefined in an array', [undefined, 1]],
  ['a sparse array', Object.assign(Array.from({ length: 0 }), { 2: 1, length: 4 })],
  ['an array of holes only', Object.assign([], { length: 3 })],
  ['a long, nearly empty array', longArray],
  ['an empty object', {}],
  ['an empty array', []],
  ['the empty key', { '': 1 }],
  ['keys of Object.prototype', { constructor: 1, toString: 2, hasOwnProperty: 3, valueOf: 4 }],
  ['a then that is no function', [JSON.parse('{"then":1}'), new Date(1)]],
  ['a toJSON that is no function', { toJSON: 'x', at: new Date(1) }],
  ['integer-like keys', { 2: 'b', 1: 'a', b: 1, a: 2 }],
  ['an own key __proto__', JSON.parse('{"a":{"__proto__":{"tenant":"A"},"b":{"__proto__":1}}}')],
  ['a date', new Date(1_700_000_000_000)],
  ['the first and the last date', [new Date(-8.64e15), new Date(8.64e15)]],
  ['a map with object keys', new Map<unknown, unknown>([[{ id: 1 }, new Date(2)]])],
  ['a map in a map', new Map([['a', new Map([['b', undefined]])]])],
  ['an empty map and an empty set', [new Map(), new Set()]],
  ['a set with undefined', new Set([undefined, NaN, 'a'])],
  ['a null-prototype object', Object.assign(Object.create(null), { a: Object.create(null) })],
  ['a Uint8Array', Uint8Array.of(0, 255)],
  ['an empty Uint8Array', new Uint8Array(0)],
  ['a view with an offset', new Uint8Array([1, 2, 3, 4]).subarray(1, 3)],
  ['a view of shared memory', new Uint8Array(new SharedArrayBuffer(4))],
  ['a Buffer', { file: Buffer.from('hello') }],
  ['an empty Buffer', Buffer.alloc(0)],
  ['a Float32Array', Float32Array.of(1.5, NaN, -0)],
  ['a Float64Array with an offset', new Float64Array(Float64Array.of(1, 2, 3).buffer, 8, 1)],
  ['a NaN of other bits', new Float64Array(Uint8Array.of(1, 0, 0, 0, 0, 0, 0xf8, 0x7f).buffer)],
  ['the other views', [Int8Array.of(-1), Uint8ClampedArray.of(1), Int16Array.of(-1), Uint16Array.of(1)]],
  ['the wide views', [Int32Array.of(-1), Uint32Array.of(1), BigInt64Array.of(-1n), BigUint64Array.of(1n)]],
  ['an ArrayBuffer', Uint8Array.of(1, 2, 3).buffer],
  ['a DataView with an offset', new DataView(Uint8Array.of(1, 2, 3).buffer, 1, 1)],
  ['a URL', { link: new URL('https://a.example/b?c=d#e') }],
  ['a shared reference', [shared, shared, { shared }]],
  ['a cycle', cyclicObject],
  ['a cycle through a map', cyclicMap],
  ['what looks like a record of devalue', [['Date', '2020-01-01'], ['Map', 1, 2], ['Buffer', 1], [-1], -7]],
  ['what looks like one, beside a date', [new Date(1), ['Date', 'x'], ['null', 'a', 1], ['RegExp', 'a+'], { a: -2 }]],
  ['records of other serialisers', { $date: 1, lc: 1, type: 'constructor', id: ['a'], json: {}, meta: { values: {} } }],
  ['500 levels', nested(500)],
];

const refused: readonly [obstacle: string, path: string, value: unknown][] = [
  ['a function', '$', () => 1],
  ['a function', '$.tools[0].run', { tools: [{ run: () => 1 }] }],
  ['a function', '$.toJSON', { toJSON: () => 'called' }],
  // oxlint-disable-next-line no-thenable
  ['a function', '$.then', { then: () => 1 }],
  ['a symbol', '$', Symbol('a')],
  [
    'a symbol',
    '$.entries()[1][1]',
    new Map<unknown, unknown>([
      [1, 1],
      ['a', Symbol('a')],
    ]),
  ],
  ['an instance of Socket', '$.a["b c"][1]', { a: { 'b c': [1, new Socket()] } }],
  ['an instance of Number', '$', Object(1)],
  ['an instance of BigInt', '$', Object(1n)],
  ['an instance of RegExp', '$.a', { a: /a/ }],
  ['an instance of RangeError', '$', new RangeError('a')],
  ['an instance of Promise', '$', Promise.resolve()],
  ['an instance of WeakMap', '$', new WeakMap()],
  ['an instance of WeakSet', '$', new WeakSet()],
  ['an instance of WeakRef', '$', new WeakRef({})],
  ['an instance of ReadableStream', '$', new ReadableStream()],
  ['an instance of Blob', '$', new Blob([])],
  ['an instance of AbortSignal', '$', new AbortController().signal],
  ['an instance of URLSearchParams', '$', new URLSearchParams('a=1')],
  ['an instance of SharedArrayBuffer', '$', new SharedArrayBuffer(1)],
  ['an instance of Bytes', '$.a', { a: new Bytes(1) }],
  ['a detached ArrayBuffer', '$.a', { a: detached.buffer }],
  ['a detached ArrayBuffer', '$', detached],
  ['a proxy', '$.a', { a: new Proxy({}, { get: fail, ownKeys: fail, getPrototypeOf: fail }) }],
  [
    'an accessor',
    '$.a.lazy',
    {
      a: {
        get lazy() {
          return fail();
        },
      },
    },
  ],
  ['an accessor', '$[1]', Object.defineProperty([1], 1, { get: fail, enumerable: true })],
  ['a symbol key', '$.a', { a: { [Symbol('a')]: 1 } }],
  ['a non-enumerable property', '$.hidden', Object.defineProperty({}, 'hidden', { value: 1 })],
  ['a non-enumerable property', '$[0]', Object.defineProperty([], 0, { value: 1 })],
  ['extra properties on an array', '$[0]', [Object.assign([1], { more: 1 })]],
  ['extra properties on an array', '$', Object.assign([1], { [Symbol('a')]: 1 })],
  ['extra properties on an instance of Date', '$', Object.assign(new Date(), { more: 1 })],
  ['extra properties on an instance of Map', '$', Object.assign(new Map(), { [Symbol.iterator]: fail })],
  ['extra properties on an instance of Buffer', '$', Object.assign(Buffer.from('a'), { more: 1 })],
  ['extra properties on an instance of ArrayBuffer', '$', Object.assign(new ArrayBuffer(1), { more: 1 })],
  ['nesting deeper than 500', `$${'[0]'.repeat(500)}`, nested(501)],
  ['nesting deeper than 500', `$${'[0]'.repeat(500)}`, nested(1_000_000)],
  [
    'a property named __proto__ in a value that is more than JSON',
    '$.a[0].__proto__',
    { a: [JSON.parse('{"__proto__":1}')], at: new Date() },
  ],
];

const text = fc.oneof(
  fc.string(),
  fc.array(fc.integer({ max: 0xffff, min: 0 }), { maxLength: 4 }).map((units) => String.fromCharCode(...units)),
);
const key = fc
  .oneof(fc.constantFrom('a', 'b', '', '0', 'constructor', 'then', 'length', 'toJSON', 'buffer'), text)
  .filter((name) => name !== '__proto__');
const bytes = fc.uint8Array({ maxLength: 16 });
const leaf = fc.oneof(
  text,
  fc.double(),
  fc.integer(),
  fc.bigInt(),
  fc.constantFrom(null, undefined, true, false, -0, NaN),
  fc.date({ noInvalidDate: !SEES_INVALID_DATES }),
  fc.webUrl().map((href) => new URL(href)),
  bytes,
  bytes.map((array) => array.subarray(array.length >> 1)),
  bytes.map((array) => Buffer.from(array)),
  bytes.map((array) => array.slice().buffer),
  bytes.map((array) => new DataView(array.buffer, array.length >> 1)),
  fc.float32Array(),
  fc.bigInt64Array().map((array) => array.subarray(1)),
);
const { data } = fc.letrec((tie) => {
  const entries = fc.array(fc.tuple(key, tie('data')), { maxLength: 4 });
  return {
    data: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('data'), { maxLength: 4 }),
      fc.sparseArray(tie('data'), { maxLength: 40, maxNumElements: 3 }),
      entries.map((pairs) => Object.fromEntries(pairs)),
      entries.map((pairs) => Object.assign(Object.create(null), Object.fromEntries(pairs))),
      fc.array(fc.tuple(tie('data'), tie('data')), { maxLength: 3 }).map((pairs) => new Map(pairs)),
      fc.array(tie('data'), { maxLength: 3 }).map((members) => new Set(members)),
      tie('data').map((member) => [member, { again: member }]),
      entries.map((pairs) => {
        const object: Record<string, unknown> = Object.fromEntries(pairs);
        object['self'] = [object];
        return object;
      }),
    ),
  };
});
const anything = fc.oneof(
  data,
  fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: SEES_INVALID_DATES,
    withMap: true,
    withNullPrototype: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
    key: fc.oneof(key, fc.constant('__proto__')),
    values: [fc.jsonValue(), leaf, fc.constantFrom(() => 1, Symbol('a'), /a/, new Socket(), new Error('a'), -0)],
  }),
);

describe.each(ways)('%s', (_, roundTrip) => {
  it.each(lossless.map(([kind, value]) => ({ kind, value })))('returns $kind as it went in', ({ value }) => {
    const result = roundTrip(value);
    expect(isDeepStrictEqual(result, value)).toBe(true);
  });

  it('returns an invalid date as it went in', () => {
    const { at } = roundTrip({ at: new Date(NaN) }) as { readonly at: Date };
    expect(Object.getPrototypeOf(at)).toBe(Date.prototype);
    expect(at.getTime()).toBeNaN();
  });

  it.each(refused.map(([obstacle, path, value]) => ({ obstacle, path: path.slice(0, 40), whole: path, value })))(
    'refuses $obstacle at $path',
    ({ obstacle, whole, value }) => {
      expect(() => roundTrip(value)).toThrow(
        expect.objectContaining({ name: 'NotEncodableError', code: 'not_encodable', obstacle, path: whole }),
      );
    },
  );

  it('returns any plain data as it went in', () => {
    fc.assert(
      fc.property(data, (value) => {
        expect(deeplyEqual(roundTrip(value), value)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('returns any JSON as it went in', () => {
    const members = fc.dictionary(fc.oneof(key, fc.constant('__proto__')), fc.jsonValue(), { noNullPrototype: true });
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), members), (generated) => {
        const value: unknown = JSON.parse(JSON.stringify(generated));
        expect(deeplyEqual(roundTrip(value), value)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('returns anything as it went in, or refuses it with a path', () => {
    fc.assert(
      fc.property(anything, (value) => {
        const outcome = attempt(() => roundTrip(value));
        if (KeepstepError.isInstance(outcome)) expect(outcome.code).toBe('not_encodable');
        else expect(deeplyEqual(outcome, value)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps the order of keys', () => {
    expect(Object.keys(roundTrip({ b: 1, a: new Date(), 2: 1 }) as object)).toEqual(['2', 'b', 'a']);
  });

  it('returns only the bytes that a view showed', () => {
    const view = new Uint8Array([1, 2, 3, 4]).subarray(1, 3);
    const { view: returned, buffer } = roundTrip({ view, buffer: Buffer.from('a') }) as {
      view: Uint8Array;
      buffer: Buffer;
    };
    expect(returned.buffer.byteLength).toBe(2);
    expect(buffer.buffer.byteLength).toBe(1);
  });
});

it('refuses the same values at the same place in every way', () => {
  fc.assert(
    fc.property(anything, (value) => {
      const outcomes = ways.map(([, roundTrip]) => {
        const outcome = attempt(() => roundTrip(value));
        return KeepstepError.isInstance(outcome) ? outcome.message : 'ok';
      });
      expect(new Set(outcomes).size).toBe(1);
    }),
    { numRuns: 1_000 },
  );
});

function attempt(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (KeepstepError.isInstance(error)) return error;
    throw error;
  }
}

function fail(): never {
  throw new Error('The code of the value ran.');
}

function nested(depth: number): unknown {
  let value: unknown[] = [];
  for (let level = 1; level < depth; level++) value = [value];
  return value;
}
