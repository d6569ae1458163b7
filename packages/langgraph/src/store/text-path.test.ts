import { InMemoryStore } from '@langchain/langgraph-checkpoint';
import { describe, expect, it } from 'vitest';

import { readTextPath, textsAt } from './text-path.ts';

const value = {
  title: 'Title',
  year: 1984,
  isOpen: false,
  nothing: null,
  'with space': 'spaced',
  meta: { author: { name: 'Ann' }, tags: ['x', 'y'] },
  parts: [{ text: 'one', lines: [1, 2] }, { text: 'two' }, { other: 'three' }],
  grid: [['a', 'b'], ['c']],
};

function texts(path: string, of: unknown = value): readonly string[] | undefined {
  const read = readTextPath(path);
  return read && textsAt(of, read);
}

/** Asks LangGraph's own store what it embeds for a path. */
async function textsOfLangGraph(path: string): Promise<string[]> {
  const seen: string[] = [];
  const embedDocuments = async (all: string[]): Promise<number[][]> => {
    seen.push(...all);
    return all.map(() => [1]);
  };
  const store = new InMemoryStore({ index: { dims: 1, embeddings: { embedDocuments } as never } });
  await store.put(['a'], 'key', value, [path]);
  return seen;
}

describe('a path to texts', () => {
  it.each([
    'title',
    'year',
    'isOpen',
    'nothing',
    'missing',
    'with space',
    'meta',
    'meta.author.name',
    'meta.author.missing.name',
    'meta.tags',
    'meta.tags[0]',
    'meta.tags[-1]',
    'meta.tags[7]',
    'meta.tags[*]',
    'parts[*].text',
    'parts[-1].other',
    'parts[0].lines[*]',
    'parts[*].lines[-1]',
    'grid[*][0]',
    'grid[1][0]',
    'title[0]',
    '{title,year}',
    '{title, meta.author.name}',
    'meta.{tags,author}',
    'parts[*].{text,other}',
    '*',
    'meta.*',
    'meta.*.name',
    'parts.*.text',
    '$',
  ])('leads where it leads in LangGraph: %s', async (path) => {
    // There, texts that look like numbers come first.
    expect([...new Set(texts(path))].toSorted()).toEqual((await textsOfLangGraph(path)).toSorted());
  });

  it('goes on after braces, and from the root', () => {
    expect(texts('{meta.author,missing}.name')).toEqual(['Ann']);
    expect(texts('$.title')).toEqual(['Title']);
    expect(texts('$[0]', ['first'])).toEqual(['first']);
  });

  it('finds nothing that is not in the value itself', () => {
    for (const path of ['__proto__', 'constructor', 'constructor.name', 'title.length', '{toString}', 'parts.length']) {
      expect(texts(path)?.filter((text) => text !== '3')).toEqual([]);
    }
    expect(texts('__proto__', JSON.parse('{"__proto__":"own"}'))).toEqual(['own']);
  });

  it('writes large integers, which JSON has no place for', () => {
    expect(texts('$', { count: 2n ** 64n })).toEqual(['{\n  "count": "18446744073709551616"\n}']);
    expect(texts('count', { count: 2n ** 64n })).toEqual(['18446744073709551616']);
  });

  it.each([
    '',
    '.',
    '.a',
    'a.',
    'a..b',
    'a[',
    'a[]',
    'a[x]',
    'a[1',
    'a]',
    '{',
    '{}',
    '{a',
    '{a,}',
    '{a,{b}}',
    '[0]b',
    'a[1.5]',
  ])('is none: %j', (path) => expect(readTextPath(path)).toBeUndefined());
});
