import { expect, it } from 'vitest';

import { isList } from './is-list.ts';

it('takes plain arrays for lists, and nothing that would not come back as it is', () => {
  const lists = [[], [1], [undefined, null], [[]], Array.from({ length: 100_000 }, () => 0)];
  expect(lists.map(isList)).toEqual(lists.map(() => true));
  const others = [
    undefined,
    'text',
    { length: 0 },
    new Uint8Array(1),
    new (class extends Array {})(),
    [1, , 2], // eslint-disable-line no-sparse-arrays
    Object.assign([1], { note: 1 }),
    [() => 1],
    [Symbol('is')],
    Array.from({ length: 100_001 }, () => 0),
  ];
  expect(others.filter(isList)).toEqual([]);
});
