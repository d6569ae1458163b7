import { memoryStore } from '@keepstep/core';
import { faultyStore } from '@keepstep/core/testing';
import { describe, expect, it } from 'vitest';

import { KeepstepStore } from '../src/index.ts';

async function filled(sizes: Readonly<Record<string, number>>) {
  const store = faultyStore(memoryStore());
  const items = new KeepstepStore({ store });
  for (const [place, size] of Object.entries(sizes)) {
    const keys = Array.from({ length: size }, (_, n) => String(n).padStart(5, '0'));
    await items.batch(keys.map((key) => ({ namespace: place.split('/'), key, value: {} })));
  }
  return { store, items };
}

describe('what does not fit into one step', () => {
  it('is left out by an offset, however large', async () => {
    const { items } = await filled({ many: 6_000 });
    const found = await items.search(['many'], { offset: 5_500, limit: 600 });
    expect(found.map(({ key }) => Number(key))).toEqual(Array.from({ length: 500 }, (_, n) => 5_500 + n));
    expect(await items.search(['many'], { offset: 6_000 })).toEqual([]);
  });

  it('is stepped over by a listing, one namespace after the other', async () => {
    const { store, items } = await filled({ a: 1_500, 'a/x': 1_500, 'a/y': 1_500, b: 1_500, 'b/x': 1 });
    const costOf = async (request: Parameters<KeepstepStore['listNamespaces']>[0]): Promise<[string[], number]> => {
      const before = store.calls('documents.keys');
      const found = await items.listNamespaces(request);
      return [found.map((labels) => labels.join('/')), store.calls('documents.keys') - before];
    };
    expect(await costOf({})).toEqual([['a', 'a/x', 'a/y', 'b', 'b/x'], 5]);
    // The last one only finds that there is no more.
    expect(await costOf({ maxDepth: 1 })).toEqual([['a', 'b'], 3]);
    expect(await costOf({ limit: 2 })).toEqual([['a', 'a/x'], 2]);
    expect(await costOf({ limit: 0 })).toEqual([[], 0]);
    expect(await costOf({ prefix: ['a', 'y'] })).toEqual([['a/y'], 2]);
  });

  it('is not stepped over where a condition looks at the labels that are cut off', async () => {
    const { items } = await filled({ 'a/x': 600, 'a/y': 1, 'a/z': 600, 'b/x': 600 });
    expect(await items.listNamespaces({ suffix: ['y'], maxDepth: 1 })).toEqual([['a']]);
    expect(await items.listNamespaces({ prefix: ['*', 'y'], maxDepth: 1 })).toEqual([['a']]);
    expect(await items.listNamespaces({ prefix: ['a', 'y'], maxDepth: 1 })).toEqual([['a']]);
  });
});
