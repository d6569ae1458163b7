import { InvalidArgumentError, InvalidOptionError, memoryStore } from '@keepstep/core';
import { InvalidNamespaceError } from '@langchain/langgraph-checkpoint';
import { describe, expect, it } from 'vitest';

import { KeepstepStore } from '../src/index.ts';
import { embedWords } from './item-model.ts';
import { looseBatch } from './loose-batch.ts';

const index = { dims: 2, embeddings: embedWords, fields: ['word'] };

describe('KeepstepStore', () => {
  it('reads what was there before the batch, and lets the last change of an item count', async () => {
    const store = new KeepstepStore();
    await store.put(['a'], 'old', { n: 0 });
    const answers = await looseBatch(
      store,
      { namespace: ['a'], key: 'new', value: { n: 1 } },
      { namespace: ['a'], key: 'new' },
      { namespace: ['a'], key: 'old', value: null },
      { namespacePrefix: ['a'] },
      { namespace: ['a'], key: 'new', value: { n: 2 } },
      { matchConditions: undefined, limit: 10, offset: 0 },
      { namespace: ['b'], key: 'gone', value: { n: 3 } },
      { namespace: ['b'], key: 'gone', value: null },
      { namespace: ['a'], key: 'old' },
    );
    expect(answers).toMatchObject([
      undefined,
      null,
      undefined,
      [{ key: 'old', value: { n: 0 } }],
      undefined,
      [['a']],
      undefined,
      undefined,
      { key: 'old' },
    ]);
    expect(await store.search([])).toMatchObject([{ key: 'new', value: { n: 2 } }]);
    expect(await store.batch([])).toEqual([]);
  });

  it('keeps a value as it was when it was put', async () => {
    const store = new KeepstepStore();
    const value = { tags: ['x'] };
    const putting = store.put(['a'], 'key', value);
    value.tags.push('y');
    await putting;
    const found = await store.get(['a'], 'key');
    expect(found?.value).toEqual({ tags: ['x'] });
    found?.value['tags'].push('z');
    expect((await store.get(['a'], 'key'))?.value).toEqual({ tags: ['x'] });
  });

  it.each<[string, object]>([
    ['no label', { namespace: [], key: 'k', value: {} }],
    ['an empty label', { namespace: ['a', ''], key: 'k', value: {} }],
    ['a label with a period', { namespace: ['a.b'], key: 'k', value: {} }],
    ['a label that is no text', { namespace: ['a', 1], key: 'k', value: {} }],
    ['no array', { namespace: 'a', key: 'k', value: {} }],
    ['the reserved root', { namespace: ['langgraph'], key: 'k', value: {} }],
    ['an empty label to get', { namespace: [''], key: 'k' }],
    ['an empty label to delete', { namespace: [''], key: 'k', value: null }],
    ['a label to search that has a period', { namespacePrefix: ['a.b'] }],
    ['an empty label to list', { matchConditions: [{ matchType: 'suffix', path: [''] }] }],
  ])('refuses a namespace with %s, in a batch as well, and changes nothing', async (_, operation) => {
    const store = new KeepstepStore();
    const good = { namespace: ['a'], key: 'k', value: {} };
    await expect(looseBatch(store, good, operation)).rejects.toThrow(InvalidNamespaceError);
    expect(await store.search([])).toEqual([]);
  });

  it.each<[string, object]>([
    ['key', { namespace: ['a'], key: 1 }],
    ['key', { namespace: ['a'] }],
    ['value', { namespace: ['a'], key: 'k', value: 'text' }],
    ['value', { namespace: ['a'], key: 'k', value: ['item'] }],
    ['value', { namespace: ['a'], key: 'k', value: undefined }],
    ['index', { namespace: ['a'], key: 'k', value: {}, index: true }],
    ['index', { namespace: ['a'], key: 'k', value: {}, index: ['a['] }],
    ['limit', { namespacePrefix: [], limit: -1 }],
    ['limit', { namespacePrefix: [], limit: 1.5 }],
    ['offset', { namespacePrefix: [], offset: '1' }],
    ['query', { namespacePrefix: [], query: 7 }],
    ['filter', { namespacePrefix: [], filter: { a: { $where: '1' } } }],
    ['matchType', { matchConditions: [{ matchType: 'infix', path: [] }] }],
    ['maxDepth', { matchConditions: undefined, maxDepth: 0 }],
    ['limit', { matchConditions: undefined, limit: Number.NaN }],
    ['operations', 'get' as unknown as object],
  ])('refuses a wrong %s by its name', async (name, operation) => {
    const store = new KeepstepStore();
    const good = { namespace: ['a'], key: 'k', value: {} };
    const refused = looseBatch(store, good, operation);
    await expect(refused).rejects.toThrow(InvalidArgumentError);
    await expect(refused).rejects.toThrow(`"${name}"`);
    expect(await store.search([])).toEqual([]);
  });

  it.each<[string, object]>([
    ['namespace', { namespace: '' }],
    ['ttl', { ttl: 0 }],
    ['refreshOn', { refreshOn: 'always' }],
    ['serde', { serde: {} }],
    ['index', { index: 1 }],
    ['index.dims', { index: { ...index, dims: 0 } }],
    ['index.embeddings', { index: { dims: 2 } }],
    ['index.fields', { index: { ...index, fields: 'word' } }],
    ['index.fields', { index: { ...index, fields: ['a['] } }],
    ['index.model', { index: { ...index, model: 'x' } }],
    ['store', { store: {} }],
  ])('refuses a wrong option %s', (name, options) => {
    expect(() => new KeepstepStore(options)).toThrow(InvalidOptionError);
    expect(() => new KeepstepStore(options)).toThrow(`"${name}"`);
  });

  it('keeps stores of different namespaces apart', async () => {
    const store = memoryStore();
    await new KeepstepStore({ store, namespace: 'one' }).put(['a'], 'key', {});
    expect(await new KeepstepStore({ store, namespace: 'other' }).get(['a'], 'key')).toBeNull();
  });
});
