import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SourceError } from './generate/generated-kind.ts';
import { generatedModules, type GeneratedModule } from './generate/generated-modules.ts';
import { repositoryRoot } from './workspace.ts';

// Usage: pnpm generate [--check]
// Turns text sources (Lua, SQL) into TypeScript modules beside them, so that nothing reads the disk at run time and readers see
// what runs. With --check nothing is written: a module that is missing, old, edited by hand or left over is a failure.
const { root, check } = parseArgs({
  options: {
    root: { type: 'string', default: repositoryRoot },
    check: { type: 'boolean', default: false },
  },
}).values;

try {
  const modules = generatedModules(root);
  const outdated = modules.filter(({ present, wanted }) => present !== wanted);
  for (const module of outdated) {
    if (!check) write(module);
    console.log(`${module.path} ${check ? problemOf(module) : 'is written.'}`);
  }
  if (outdated.length === 0) console.log(`${modules.length} generated modules are up to date.`);
  else if (check) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof SourceError)) throw error;
  console.log(error.message);
  process.exitCode = 1;
}

function write({ path, wanted }: GeneratedModule): void {
  if (wanted === undefined) rmSync(join(root, path));
  else writeFileSync(join(root, path), wanted);
}

function problemOf({ present, wanted }: GeneratedModule): string {
  if (present === undefined) return 'is missing.';
  if (wanted === undefined) return 'has no source any more.';
  return 'is not what its source says.';
}
