import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';

import { listDigest } from './list-digest.ts';

const piece = Buffer.from('piece');

it.each([undefined, randomBytes(32)])(
  'names a list by what comes before its last piece, and by that piece',
  (secret) => {
    const digest = listDigest(secret);
    const first = digest('thread', undefined, piece);
    const names = [
      first,
      digest('thread', first, piece),
      digest('thread', undefined, Buffer.from('')),
      digest('thread', undefined, Buffer.concat([Buffer.from('\n'), piece])),
      digest('thread', first, Buffer.from('other')),
    ];
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[\w-]{43}$/);
    expect(listDigest(secret)('thread', first, piece)).toBe(names[1]);
  },
);

it('tells nobody without the secret what a list holds, nor that two threads hold the same', () => {
  const [one, other] = [listDigest(randomBytes(32)), listDigest(randomBytes(32))];
  const names = [
    one('a', undefined, piece),
    one('b', undefined, piece),
    one('\ud800', undefined, piece),
    one('\ud801', undefined, piece),
    other('a', undefined, piece),
    listDigest(undefined)('a', undefined, piece),
  ];
  expect(new Set(names).size).toBe(names.length);
});
