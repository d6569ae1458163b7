import assert from 'node:assert/strict';

import type { StoreCase } from '../store-case.ts';

// Made when they are needed: a megabyte that is never looked at is a megabyte still.
const VALUES: Readonly<Record<string, () => unknown>> = {
  'an empty string': () => '',
  'a string of digits': () => '42',
  'a string with NUL, newlines and an emoji': () => '\0\r\n\u2028\u{1f600}',
  'a string with a lone surrogate': () => 'a\ud800b',
  'the number 0': () => 0,
  '-0': () => -0,
  NaN: () => NaN,
  infinities: () => [Infinity, -Infinity],
  'numbers at the limits': () => [Number.MAX_SAFE_INTEGER, Number.MIN_VALUE, 1e308, 0.1 + 0.2],
  false: () => false,
  true: () => true,
  null: () => null,
  undefined: () => undefined,
  'undefined inside': () => ({ a: undefined, b: [undefined, 1] }),
  'an empty object': () => ({}),
  'an empty array': () => [],
  'nested objects': () => ({ cart: { items: [{ id: 'p1', count: 2, tags: [] }], total: 9.5 } }),
  'keys of Object.prototype': () => JSON.parse('{"__proto__": {"a": 1}, "constructor": 2, "toString": 3, "": 4}'),
  'a Date': () => new Date(1_700_000_000_123),
  'a Map': () =>
    new Map<unknown, unknown>([
      ['a', 1],
      [2, new Map([[null, 'b']])],
    ]),
  'a Set': () => new Set<unknown>([1, '1', new Date(0)]),
  'a bigint': () => [0n, -1n, 2n ** 200n],
  'typed arrays': () => [new Uint8Array([0, 255]), new Float64Array([-0, NaN, 1e-300]), new BigInt64Array([-1n])],
  'a Buffer': () => Buffer.from([0, 10, 13, 255]),
  'an ArrayBuffer': () => new Uint8Array([1, 2, 3]).buffer,
  'a URL': () => new URL('https://example.com/a?b=c#d'),
  'an object that holds itself': selfContaining,
  'a string of a megabyte': () => 'x€'.repeat(2 ** 19),
  'an object of a megabyte': () =>
    Array.from({ length: 10_000 }, (_, index) => ({
      id: `product-${index}`,
      price: index / 7,
      tags: ['new', 'sale'],
      stock: null,
    })),
};

const values: StoreCase[] = Object.entries(VALUES).map(([label, make]) => ({
  name: `returns ${label} as it went in`,
  async run({ a, both }) {
    await a.keep('loaded', make());
    await a.put('set', make());
    for (const client of both) {
      await client.assertHit('loaded', make());
      await client.assertHit('set', make());
    }
  },
}));

/** Checks that values come back as they went in, to whoever asks. */
export const roundTripCases: readonly StoreCase[] = [
  ...values,
  {
    name: 'gives every reader of a copied value an object of its own',
    async run({ a, both }) {
      const stored = { items: [1] };
      await a.keep('cart', stored);
      stored.items.push(2);
      for (const client of [...both, ...both]) {
        const acquired = await client.acquire('cart');
        assert.ok(acquired.kind === 'hit');
        const value = acquired.entry.snapshot.open() as typeof stored;
        assert.deepStrictEqual(value, { items: [1] });
        value.items.push(3);
      }
    },
  },
  {
    name: 'keeps beside a value what it depends on and what its load took',
    async run({ a, both }) {
      await a.keep('cart', 1, { tags: ['t2', 't1'], ttlMs: 50_000, retainMs: 10_000, loadMs: 321 });
      for (const client of both) {
        const acquired = await client.acquire('cart');
        assert.ok(acquired.kind === 'hit');
        assert.deepStrictEqual([...acquired.entry.tags].sort(), ['t1', 't2']);
        assert.equal(acquired.entry.loadMs, 321);
        assert.ok(acquired.entry.storedAt < acquired.entry.freshUntil);
      }
    },
  },
  {
    name: 'replaces a value by the next one',
    async run({ a, b, both }) {
      await a.put('cart', { version: 1 });
      await b.put('cart', { version: 2 });
      for (const client of both) await client.assertHit('cart', { version: 2 });
      const load = await a.lead('cart', { refresh: true });
      assert.equal(await load.commit(null), 'stored');
      for (const client of both) await client.assertHit('cart', null);
    },
  },
];

function selfContaining(): unknown {
  const value: Record<string, unknown> = { name: 'a' };
  value['self'] = value;
  return value;
}
