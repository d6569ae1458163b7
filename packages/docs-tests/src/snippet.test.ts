import { describe, expect, it } from 'vitest';

import { snippetsOf } from './snippet.ts';

function page(...lines: string[]) {
  return { path: 'docs/page.md', text: lines.join('\n') };
}

describe('snippetsOf', () => {
  it('finds blocks of TypeScript and no others', () => {
    const text = page('# Title', '```ts', 'one();', '```', '', '```js', 'two();', '```', '```', 'three', '```');
    expect(snippetsOf(text)).toEqual([
      { lines: [{ line: 3, text: 'one();' }], line: 2, endLine: 4, continues: false, output: '' },
    ]);
  });

  it('takes a block of output as that of the block right before it', () => {
    const text = page('```ts', 'one();', '```', '', '```text output', '1', '2', '```');
    expect(snippetsOf(text)).toMatchObject([{ output: '1\n2' }]);
  });

  it('lets a block continue, and begin with code that is not shown', () => {
    const text = page(
      '<!-- snippet: setup',
      'const one = 1;',
      '-->',
      '',
      '```ts',
      'one;',
      '```',
      '<!-- snippet: continues -->',
      '```ts',
      'one;',
      '```',
    );
    expect(snippetsOf(text)).toMatchObject([
      {
        lines: [
          { line: 2, text: 'const one = 1;' },
          { line: 6, text: 'one;' },
        ],
        continues: false,
      },
      { lines: [{ line: 10, text: 'one;' }], continues: true },
    ]);
  });

  it.for([
    ['an output that follows prose', ['```ts', '```', 'prose', '```text output', '```'], 4],
    ['an output that follows an output', ['```ts', '```', '```text output', '```', '```text output', '```'], 5],
    ['a comment that no block follows', ['<!-- snippet: setup', 'one();', '-->', 'prose', '```ts', '```'], 4],
    ['a continuation of nothing', ['<!-- snippet: continues -->', '```ts', '```'], 2],
    ['a comment before another language', ['<!-- snippet: setup', 'one();', '-->', '```js', '```'], 4],
    ['a block without an end', ['```ts', 'one();'], 1],
  ] as const)('refuses %s', ([, lines, line]) => {
    expect(() => snippetsOf(page(...lines))).toThrow(`docs/page.md:${line}: `);
  });
});
