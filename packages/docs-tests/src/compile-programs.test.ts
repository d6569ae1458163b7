import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { compilePrograms } from './compile-programs.ts';
import { outputsOf, programsOf } from './program.ts';
import { runProgram } from './run-program.ts';

const folder = join(import.meta.dirname, '../test-results/controls');

describe('a page with mistakes', () => {
  const text = [
    '```ts',
    'const wrong: number = "one";',
    '```',
    '',
    '```ts',
    'console.log("two");',
    '```',
    '',
    '```text output',
    'three',
    '```',
    '',
    '```ts',
    'throw new Error("four");',
    '```',
  ].join('\n');
  const programs = programsOf({ path: 'docs/page.md', text });
  const compilation = compilePrograms(programs, folder);
  const [mistyped, misquoted, broken] = programs;
  if (!mistyped || !misquoted || !broken) throw new Error('There are not three programs.');

  it('is told its wrong types, with the line on the page', () => {
    expect(compilation.problemsOf(mistyped)).toEqual([expect.stringMatching(/^docs\/page\.md:2: error TS2322/)]);
    expect(compilation.problemsOf(misquoted)).toEqual([]);
  });

  it('is told its wrong outputs', async () => {
    const { exitCode, stdout } = await runProgram(compilation.fileOf(misquoted));
    expect(exitCode).toBe(0);
    expect(outputsOf(misquoted, stdout)).toEqual(['two']);
    expect(misquoted.snippets.map((snippet) => snippet.output)).toEqual(['three']);
  });

  it('is told that a program fails', async () => {
    const { exitCode, stderr } = await runProgram(compilation.fileOf(broken));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Error: four');
  });
});
