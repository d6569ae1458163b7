import { memoryStore } from '@keepstep/core';
import { describe, expect, it } from 'vitest';

import { KeepstepStore } from '../src/index.ts';
import { embedWords } from './item-model.ts';
import { looseBatch } from './loose-batch.ts';

const index = { dims: 2, embeddings: embedWords, fields: ['word'] };

describe('the search by meaning', () => {
  it('replaces the vectors of an item with each put, and forgets them with it', async () => {
    const store = new KeepstepStore({ index });
    await store.put(['a'], 'key', { word: 'red' });
    const scoreOf = async (query: string): Promise<number | undefined> =>
      (await store.search(['a'], { query }))[0]?.score;
    expect(await scoreOf('red')).toBeCloseTo(1, 5);
    await store.put(['a'], 'key', { word: 'far' });
    expect(await scoreOf('far')).toBeCloseTo(1, 5);
    expect(await scoreOf('red')).toBeCloseTo(Math.cos(2.9), 5);
    await store.put(['a'], 'key', { word: 'far' }, false);
    expect(await scoreOf('far')).toBeUndefined();
    await store.put(['a'], 'key', { word: 'red' });
    await store.delete(['a'], 'key');
    await store.put(['a'], 'key', { word: 'red' }, false);
    expect(await scoreOf('red')).toBeUndefined();
  });

  it('forgets vectors when somebody without an index puts the item', async () => {
    const store = memoryStore();
    const indexed = new KeepstepStore({ store, index });
    await indexed.put(['a'], 'key', { word: 'red' });
    await new KeepstepStore({ store }).put(['a'], 'key', { word: 'far' });
    expect(await indexed.search(['a'], { query: 'red' })).toEqual([await indexed.get(['a'], 'key')]);
  });

  it('takes the best vector of an item, the filter before it, and pages over what has no vectors, too', async () => {
    const store = new KeepstepStore({ index: { ...index, fields: ['words[*]'] } });
    await store.put(['a'], 'both', { words: ['far', 'red'], n: 1 });
    await store.put(['a'], 'blue', { words: ['blue'], n: 1 });
    await store.put(['a'], 'none', { words: [], n: 1 });
    await store.put(['a'], 'other', { words: ['red'], n: 2 });
    const search = async (limit: number, offset: number): Promise<string[]> =>
      (await store.search(['a'], { query: 'red', filter: { n: 1 }, limit, offset })).map(({ key }) => key);
    expect(await search(10, 0)).toEqual(['both', 'blue', 'none']);
    expect(await search(2, 1)).toEqual(['blue', 'none']);
    expect(await search(1, 2)).toEqual(['none']);
    expect(await search(1, 3)).toEqual([]);
  });

  it('embeds each text of a batch once, and a query once', async () => {
    const asked: string[][] = [];
    const embeddings = (texts: string[]): number[][] => {
      asked.push(texts);
      return embedWords(texts);
    };
    const store = new KeepstepStore({ index: { ...index, embeddings } });
    await looseBatch(
      store,
      { namespace: ['a'], key: '1', value: { word: 'red' } },
      { namespace: ['a'], key: '1', value: { word: 'blue' } },
      { namespace: ['a'], key: '2', value: { word: 'blue' } },
      { namespace: ['a'], key: '3', value: { word: '' } },
      { namespace: ['a'], key: '4', value: { word: 'far' }, index: false },
      { namespacePrefix: ['a'], query: 'red' },
      { namespacePrefix: ['b'], query: 'red' },
    );
    expect(asked.toSorted(([a = ''], [b = '']) => a.localeCompare(b))).toEqual([['blue'], ['red']]);
  });

  it('changes nothing when the embeddings fail, and passes their error on', async () => {
    const failure = new Error('over quota');
    let isFailing = false;
    const embeddings = async (texts: string[]): Promise<number[][]> => {
      if (isFailing) throw failure;
      return embedWords(texts);
    };
    const store = new KeepstepStore({ index: { ...index, embeddings } });
    await store.put(['a'], 'key', { word: 'red' });
    isFailing = true;
    const changes = [
      { namespace: ['a'], key: 'key', value: null },
      { namespace: ['a'], key: 'other', value: { word: 'far' } },
    ];
    await expect(looseBatch(store, ...changes)).rejects.toBe(failure);
    await expect(store.search(['a'], { query: 'red' })).rejects.toBe(failure);
    isFailing = false;
    expect(await store.search(['a'], { query: 'red' })).toMatchObject([
      { key: 'key', score: expect.closeTo(1, 5) as number },
    ]);
  });

  it('says so when vectors are of another length, no numbers, or too few, and changes nothing', async () => {
    const wrong: [unknown, string][] = [
      [[[1, 2, 3]], 'Invalid option "index.dims": received 2, allowed: 3'],
      [[[1, Number.NaN]], '"index.embeddings"'],
      [[], 'a vector for each text, here 1'],
      [undefined, '"index.embeddings"'],
    ];
    for (const [vectors, message] of wrong) {
      const store = new KeepstepStore({ index: { ...index, embeddings: () => vectors as number[][] } });
      await expect(store.put(['a'], 'key', { word: 'red' })).rejects.toThrow(message);
      expect(await store.get(['a'], 'key')).toBeNull();
      if (vectors !== undefined && (vectors as unknown[]).length > 0) {
        await expect(store.search([], { query: 'red' })).rejects.toThrow(message);
      }
    }
  });

  it('takes an item for one without vectors when those have another length than the index has now', async () => {
    const store = memoryStore();
    await new KeepstepStore({ store, index }).put(['a'], 'key', { word: 'red' });
    const later = new KeepstepStore({ store, index: { dims: 3, embeddings: () => [[1, 2, 3]] } });
    expect(await later.search(['a'], { query: 'red' })).toEqual([await later.get(['a'], 'key')]);
  });

  it('ignores a query without an index', async () => {
    const store = new KeepstepStore();
    await store.put(['a'], 'key', {});
    expect(await store.search([], { query: 'red' })).toEqual([await store.get(['a'], 'key')]);
  });

  it('says which value cannot be indexed, because it contains itself', async () => {
    const store = new KeepstepStore({ index: { ...index, fields: ['$'] } });
    const value: Record<string, unknown> = {};
    value['self'] = value;
    await expect(store.put(['a'], 'key', value)).rejects.toThrow('"index"');
    await store.put(['a'], 'key', value, false);
    const found = (await store.get(['a'], 'key'))?.value;
    expect(found?.['self']).toBe(found);
  });
});
