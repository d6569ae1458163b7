import { describe, expect, it } from 'vitest';

import { outputsOf, programsOf } from './program.ts';

const page = {
  path: 'docs/page.md',
  text: [
    '```ts',
    'const one = 1;',
    '```',
    '<!-- snippet: continues -->',
    '```ts',
    'console.log(one);',
    '```',
    '```ts',
    'alone();',
    '```',
  ].join('\n'),
};

describe('programsOf', () => {
  it('puts blocks that continue into one program, and each other block into one of its own', () => {
    expect(programsOf(page).map(({ name, snippets }) => [name, snippets.length])).toEqual([
      ['docs-page-1', 2],
      ['docs-page-8', 1],
    ]);
  });

  it('leaves every line where it stands on the page', () => {
    const [first] = programsOf(page);
    expect(first?.code.split('\n')[1]).toBe('const one = 1;');
    expect(first?.code.split('\n')[5]).toBe('console.log(one);');
  });
});

describe('outputsOf', () => {
  const [program] = programsOf(page);
  if (program === undefined) throw new Error('There is no program.');

  it('tells what each block has printed', () => {
    const printed = '[end of the block at line 3]\n1\n2\n[end of the block at line 7]\n';
    expect(outputsOf(program, printed)).toEqual(['', '1\n2']);
  });

  it('keeps what is printed after the last block apart', () => {
    const printed = '[end of the block at line 3]\n[end of the block at line 7]\nlate\n';
    expect(outputsOf(program, printed)).toEqual(['', '', 'late']);
  });

  it('gives the rest to the block that did not come to its end', () => {
    expect(outputsOf(program, '[end of the block at line 3]\n1\n')).toEqual(['', '1']);
  });
});
