import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';

import { blob } from './blob.ts';

it('binds bytes as bytes, those without any and without memory of their own included', () => {
  using database = new DatabaseSync(':memory:');
  const typeOf = database.prepare('SELECT typeof(:value) AS type');
  const returned = database.prepare("SELECT x'' AS value").get()?.['value'] as Uint8Array;
  const types = [returned, new TextEncoder().encode(''), new Uint8Array(), Uint8Array.of(1)].map(
    (bytes) => typeOf.get({ value: blob(bytes) })?.['type'],
  );
  expect(types).toEqual(['blob', 'blob', 'blob', 'blob']);
});
