import { InMemoryStore, type BaseStore, type Operation } from '@langchain/langgraph-checkpoint';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { KeepstepStore, KeepstepStoreOptions } from '../src/index.ts';
import { embedWords, ItemModel, words, type ModelItem } from './item-model.ts';

const index: NonNullable<KeepstepStoreOptions['index']> = {
  dims: 2,
  embeddings: embedWords,
  fields: ['word', 'more[*]'],
};

const label = fc.constantFrom(
  'a',
  'ab',
  'b',
  'a:b',
  '*',
  '__proto__',
  'constructor',
  '\u{1f600}',
  '\uffff',
  '\0',
  'a\0b',
  '{x}',
  'a/b',
);
const namespace = fc.array(label, { minLength: 1, maxLength: 3 });
const key = fc.constantFrom('k', 'k2', '', '__proto__', 'a.b:c', '\0\u0001', '\u{1f600}', '*');
const word = fc.constantFrom(...words);
const value = fc.record(
  { n: fc.integer({ min: 0, max: 3 }), word, more: fc.array(word, { maxLength: 2 }) },
  { requiredKeys: ['n'] },
);
const page = { limit: fc.integer({ min: 0, max: 6 }), offset: fc.integer({ min: 0, max: 4 }) };

const put = fc.record(
  { namespace, key, value, index: fc.constantFrom<false | string[]>(false, ['word'], ['more[*]']) },
  { requiredKeys: ['namespace', 'key', 'value'] },
);
const search = fc.record(
  {
    namespacePrefix: fc.array(label, { maxLength: 2 }),
    filter: fc.constantFrom<Record<string, unknown>>({ n: 1 }, { n: { $gte: 2 } }, {}),
    query: word,
    ...page,
  },
  { requiredKeys: ['namespacePrefix'] },
);
const condition = fc.record({
  matchType: fc.constantFrom('prefix' as const, 'suffix' as const),
  path: fc.array(label, { maxLength: 2 }),
});
const listing = fc.record(
  {
    matchConditions: fc.array(condition, { maxLength: 2 }),
    maxDepth: fc.integer({ min: 1, max: 3 }),
    ...page,
  },
  { requiredKeys: ['matchConditions', 'limit', 'offset'] },
);
const operation = fc.oneof(
  { weight: 6, arbitrary: put },
  { weight: 2, arbitrary: fc.record({ namespace, key, value: fc.constant(null) }) },
  { weight: 2, arbitrary: fc.record({ namespace, key }) },
  { weight: 3, arbitrary: search },
  { weight: 2, arbitrary: listing },
) as fc.Arbitrary<Operation>;

/**
 * Makes tests that hold for a store of items wherever it keeps them.
 *
 * @param create returns one that holds nothing
 */
export function bindItemStore(
  name: string,
  create: (options?: Omit<KeepstepStoreOptions, 'store' | 'namespace'>) => KeepstepStore,
  numRuns: number,
): void {
  describe(`KeepstepStore ${name}`, () => {
    it('answers as a plain model does, whatever is in a batch', async () => {
      const batches = fc.array(fc.array(operation, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 12 });
      await fc.assert(
        fc.asyncProperty(batches, async (all) => {
          const [store, model] = [create({ index }), new ItemModel()];
          for (const batch of all) {
            const answers = await store.batch(batch);
            expect(comparable(answers)).toEqual(comparable(model.batch(batch)));
          }
        }),
        { numRuns },
      );
    });

    it('answers as the store of LangGraph does', async () => {
      const plain = fc.constantFrom('a', 'ab', 'b', '*', '__proto__', '\u{1f600}');
      const ownNamespace = fc.array(plain, { minLength: 1, maxLength: 3 });
      const puts = fc.array(fc.record({ namespace: ownNamespace, key, value }), { maxLength: 12 });
      const reads = fc.record({
        prefix: fc.array(plain, { maxLength: 2 }),
        suffix: fc.array(plain, { maxLength: 2 }),
        maxDepth: fc.integer({ min: 1, max: 3 }),
        filter: fc.constantFrom({ n: 1 }, { n: { $lt: 2 } }, { word: { $in: ['red', 'far'] } }, {}),
        query: word,
      });
      await fc.assert(
        fc.asyncProperty(puts, reads, async (all, { prefix, suffix, maxDepth, filter, query }) => {
          const embeddings = {
            embedDocuments: async (texts: string[]) => embedWords(texts),
            embedQuery: async (text: string) => embedWords([text])[0] as number[],
          };
          const story = async (store: BaseStore): Promise<unknown> => {
            // What is put twice keeps its old vectors there.
            const seen = new Set<string>();
            for (const each of all) {
              const place = JSON.stringify([each.namespace, each.key]);
              if (!seen.has(place)) await store.put(each.namespace, each.key, each.value);
              seen.add(place);
            }
            const found = await store.search(prefix, { filter, limit: 100 });
            const nearest = await store.search(prefix, { query, limit: 100 });
            const [first] = all;
            return {
              found: comparable(found).toSorted(byPlace),
              nearest: comparable(nearest).toSorted(byPlace),
              scores: nearest.map(({ score }) => score?.toFixed(4)),
              got: first && comparable([await store.get(first.namespace, first.key)]),
              missing: await store.get(['nowhere'], 'key'),
              listed: (await store.listNamespaces({ prefix, maxDepth })).toSorted(byPlace),
              ending: (await store.listNamespaces({ suffix })).toSorted(byPlace),
            };
          };
          const reference = new InMemoryStore({ index: { ...index, embeddings } as never });
          expect(await story(create({ index: { ...index, embeddings } }))).toEqual(await story(reference));
        }),
        { numRuns },
      );
    });

    it('keeps when an item was made, and says when it was changed', async () => {
      const store = create();
      await store.put(['a'], 'key', { n: 1 });
      const before = await store.get(['a'], 'key');
      await store.put(['a'], 'key', { n: 2 });
      const after = await store.get(['a'], 'key');
      expect(after?.createdAt).toEqual(before?.createdAt);
      expect(after?.createdAt).toBeInstanceOf(Date);
      expect(after?.updatedAt.getTime()).toBeGreaterThanOrEqual(before?.updatedAt.getTime() as number);
      const [found] = await store.search(['a']);
      expect(found).toEqual(after);
    });

    it('returns values as they were put, whatever they hold', async () => {
      const odd = {
        at: new Date(0),
        big: 2n ** 70n,
        map: new Map([['a', new Set([1])]]),
        bytes: new Uint8Array([1, 2]),
        nothing: undefined,
        zero: -0,
        none: NaN,
        text: '\ud800\0 \u{1f600}\n',
        link: new URL('https://example.org/a'),
      };
      const store = create();
      const hostile = { nested: JSON.parse('{"__proto__":{"isAdmin":true},"constructor":1}') as object };
      await store.put(['a'], 'hostile', hostile);
      const held = (await store.get(['a'], 'hostile'))?.value['nested'] as object;
      expect(Object.keys(held)).toEqual(['__proto__', 'constructor']);
      expect(held).not.toHaveProperty('isAdmin');
      await store.put(['a'], 'key', odd);
      expect((await store.get(['a'], 'key'))?.value).toStrictEqual(odd);
      expect((await store.search(['a'], { limit: 1, offset: 1 }))[0]?.value).toStrictEqual(odd);
      await expect(store.put(['a'], 'key', { run: () => 1 })).rejects.toMatchObject({
        code: 'not_encodable',
        path: '$.run',
      });
      expect((await store.get(['a'], 'key'))?.value).toStrictEqual(odd);
    });

    it('keeps items apart whose places look alike', async () => {
      const store = create();
      const places: [string[], string][] = [
        [['a'], 'b'],
        [['a', 'b'], ''],
        [['ab'], ''],
        [['a:b'], ''],
        [['a/b'], ''],
        [['a\0\0b'], ''],
        [['a\0\u0001b'], ''],
        [['a'], '\0\u0001b'],
        [['a\ud800'], ''],
        [['a\udc00'], ''],
        [['a\ufffd'], ''],
        [['\u{1f600}'], '*'],
        [['*'], '*'],
        [['x'.repeat(1_000), 'y'.repeat(1_000)], 'z'.repeat(1_000)],
      ];
      await store.batch(places.map(([where, own], n) => ({ namespace: where, key: own, value: { n } })));
      const found = await store.batch(places.map(([where, own]) => ({ namespace: where, key: own })));
      expect(found.map((item) => (item as unknown as ModelItem).value['n'])).toEqual(places.map((_, n) => n));
      const [all] = await store.batch([{ namespacePrefix: [], limit: 100 }]);
      expect(all).toHaveLength(places.length);
      const [below] = await store.batch([{ namespacePrefix: ['a'] }]);
      expect(new Set(below?.map(({ value: { n } }) => n as number))).toEqual(new Set([0, 1, 7]));
      const [named] = await store.batch([{ matchConditions: [], limit: 100, offset: 0 }]);
      expect(named).toHaveLength(places.length - 1);
      const [unbound] = await store.batch([{ matchConditions: undefined } as never]);
      expect(unbound).toEqual(named);
    });

    it('puts and finds more than one step reads', async () => {
      const store = create({ index: { dims: 2, embeddings: embedWords, fields: ['word'] } });
      const items = Array.from({ length: 1_300 }, (_, n) => ({
        namespace: ['many', String(n % 3)],
        key: String(n).padStart(5, '0'),
        value: { n, word: n === 1_000 ? 'red' : 'far' },
      }));
      await store.batch(items);
      expect(await store.search(['many'], { limit: 5_000 })).toHaveLength(1_300);
      expect((await store.search(['many'], { limit: 2, offset: 1_298 })).map(({ key: own }) => own)).toEqual([
        '01295',
        '01298',
      ]);
      const filtered = await store.search(['many'], { filter: { n: { $gte: 1_290 } }, limit: 4, offset: 5 });
      expect(filtered.map(({ value: { n } }) => n as number)).toEqual([1_294, 1_297, 1_292, 1_295]);
      const [nearest] = await store.search(['many'], { query: 'red', limit: 1 });
      expect(nearest).toMatchObject({ value: { n: 1_000 } });
      expect(await store.listNamespaces()).toEqual([
        ['many', '0'],
        ['many', '1'],
        ['many', '2'],
      ]);
      expect(await store.listNamespaces({ maxDepth: 1 })).toEqual([['many']]);
      await store.batch(items.map(({ namespace: where, key: own }) => ({ namespace: where, key: own, value: null })));
      expect(await store.search([])).toEqual([]);
      expect(await store.listNamespaces()).toEqual([]);
    });
  });
}

/** Leaves the times out, and what differs in the last digits. */
function comparable(answers: readonly unknown[]): unknown[] {
  return answers.map((answer) => {
    if (Array.isArray(answer)) return comparable(answer);
    if (typeof answer !== 'object' || answer === null) return answer ?? null;
    const { namespace: where, key: own, value: held, score } = answer as ModelItem;
    return { where, own, held, ...(score !== undefined && { score: score.toFixed(4) }) };
  });
}

function byPlace(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
