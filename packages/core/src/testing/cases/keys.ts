import assert from 'node:assert/strict';

import type { StoreCase } from '../store-case.ts';

const HOSTILE: Readonly<Record<string, string>> = {
  'a colon': 'a:b',
  'a star': '*',
  'a pattern': 'user:[1-9]?*',
  'empty braces': '{}',
  'braces of a hash tag': 'a{b}c',
  'a space': ' a b ',
  'an emoji': '\u{1f600}',
  'a newline': 'a\nb\r\n',
  NUL: 'a\0b',
  'the separators of fields': '\u001e\u001f\u001c',
  'a percent sign': '%2f%00',
  'quotes and a semicolon': `'; DROP TABLE entry; --"`,
  'a path': '../../etc/passwd',
  'a lone surrogate': '\ud800',
  'a kilobyte': 'k'.repeat(1_000),
  'a kilobyte beyond ASCII': 'ключ'.repeat(250),
  __proto__: '__proto__',
  constructor: 'constructor',
  'nothing at all': '',
};

/** Are keys that differ in little: each must hold its own value. */
const ALIKE = [
  'a',
  'A',
  ' a',
  'a ',
  'a\0',
  'a\n',
  'a:',
  ':a',
  'a:b',
  'a/b',
  'a%3ab',
  'a\\:b',
  '{a}',
  '{a',
  'a}',
  'а',
  'á',
  'a\u0301',
  '1',
  '01',
  '1.0',
  '\ud800',
  '\udc00',
  '\ufffd',
  '?',
  '__proto__',
  'k'.repeat(1_000),
  'k'.repeat(1_001),
];

/** Checks that any text will do for a key, and that no two keys are taken for one another. */
export const keyCases: readonly StoreCase[] = [
  ...Object.entries(HOSTILE).map(([label, key]): StoreCase => ({
    name: `keeps a value under a key that is ${label}`,
    async run({ a, b, both }) {
      await a.assertGone(key);
      await a.keep(key, { key }, { reads: [[key]] });
      for (const client of both) await client.assertHit(key, { key }, { reads: [[key]] });
      assert.equal(await b.delete(key), true);
      for (const client of both) await client.assertGone(key);
      await b.put(key, { key }, { reads: [[key]] });
      await b.invalidate([[key]]);
      for (const client of both) await client.assertGone(key);
    },
  })),
  {
    name: 'keeps apart keys that differ in little',
    async run({ a, b, both }) {
      for (const [index, key] of ALIKE.entries()) await (index % 2 === 0 ? a : b).keep(key, index);
      for (const client of both) {
        for (const [index, key] of ALIKE.entries()) await client.assertHit(key, index);
      }
      for (const [index, key] of ALIKE.entries()) if (index % 3 === 0) assert.equal(await a.delete(key), true);
      for (const client of both) {
        for (const [index, key] of ALIKE.entries()) {
          await (index % 3 === 0 ? client.assertGone(key) : client.assertHit(key, index));
        }
      }
    },
  },
  {
    name: 'deletes one value, and tells whether it was there',
    async run({ a, b, both }) {
      await a.put('a', 1);
      await a.put('ab', 2);
      assert.equal(await b.delete('a'), true);
      assert.equal(await b.delete('a'), false);
      assert.equal(await a.delete('never stored'), false);
      for (const client of both) {
        await client.assertGone('a');
        await client.assertHit('ab', 2);
      }
    },
  },
  {
    name: 'does not count a value as there that was invalidated',
    async run({ a, b }) {
      await a.put('a', 1, { reads: [['cart']] });
      await b.invalidate([['cart']]);
      assert.equal(await a.delete('a'), false);
    },
  },
  {
    name: 'keeps hundreds of values at once',
    async run({ a, b, both }) {
      const keys = Array.from({ length: 300 }, (_, index) => `key ${index}`);
      for (const [index, key] of keys.entries()) await (index % 2 === 0 ? a : b).put(key, index);
      for (const client of both) for (const [index, key] of keys.entries()) await client.assertHit(key, index);
    },
  },
];
