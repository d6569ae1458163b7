import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { compilePrograms, type Compilation } from '../src/compile-programs.ts';
import { readPages } from '../src/page.ts';
import { outputsOf, programsOf } from '../src/program.ts';
import { runProgram } from '../src/run-program.ts';

const programs = readPages().flatMap(programsOf);
let compilation: Compilation;

beforeAll(() => {
  compilation = compilePrograms(programs, join(import.meta.dirname, '../test-results/programs'));
});

describe.for(programs)('$page, the program at line $snippets.0.line', (program) => {
  it('has sound types', () => {
    expect(compilation.problemsOf(program)).toEqual([]);
  });

  it('prints what the page says', async () => {
    const { exitCode, stdout, stderr } = await runProgram(compilation.fileOf(program));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(outputsOf(program, stdout)).toEqual(program.snippets.map((snippet) => snippet.output));
  });
});
