import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { repositoryRoot } from './page.ts';
import type { Program } from './program.ts';

/** Is what the compiler made of the programs. */
export interface Compilation {
  /** Returns the file to run. */
  fileOf(program: Program): string;
  /** Lists what the compiler has to say about a program: `docs/loops.md:12: …`. */
  problemsOf(program: Program): readonly string[];
}

/**
 * Checks the types of programs, as strictly as those of the sources, and writes them down as JavaScript.
 *
 * @param folder is where the files go; it must lie in a package that depends on what the programs import
 */
export function compilePrograms(programs: readonly Program[], folder: string): Compilation {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'source'), { recursive: true });
  for (const { name, code } of programs) writeFileSync(join(folder, 'source', `${name}.ts`), code);
  const config = {
    extends: relative(folder, join(repositoryRoot, 'tsconfig.base.json')),
    compilerOptions: { noEmit: false, declaration: false, sourceMap: false, rootDir: 'source', outDir: 'emitted' },
    include: ['source'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));

  const tsc = spawnSync(join(repositoryRoot, 'node_modules/.bin/tsc'), ['-p', folder, '--pretty', 'false'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (tsc.error !== undefined) throw tsc.error;
  const lines = tsc.stdout.split('\n');
  return {
    fileOf: ({ name }) => join(folder, 'emitted', `${name}.js`),
    problemsOf: ({ name, page }) =>
      lines
        .filter((line) => line.startsWith(`source/${name}.ts(`))
        .map((line) => line.replace(/^\S+\((\d+),\d+\)/, `${page}:$1`)),
  };
}
