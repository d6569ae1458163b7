import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { publicPackages } from '../workspace.ts';
import { GENERATED_ENDING, type GeneratedKind } from './generated-kind.ts';
import { luaModule } from './lua-module.ts';
import { sqlModule } from './sql-module.ts';

/** Lists the kinds of sources; a new one gets a module of its own beside `sql-module.ts`, and its line here. */
const KINDS: readonly GeneratedKind[] = [luaModule, sqlModule];

/** Is one generated module: as it is, and as it has to be. */
export interface GeneratedModule {
  /** Is its path from the root, with slashes. */
  readonly path: string;
  /** Is what stands in the file now; undefined when there is no file. */
  readonly present: string | undefined;
  /** Is what has to stand there; undefined when its source is gone. */
  readonly wanted: string | undefined;
}

/** Lists the generated modules of all published packages, those that are missing or left over included. */
export function generatedModules(root: string): GeneratedModule[] {
  const files = publicPackages(root).flatMap(({ folder }) => filesBelow(root, `${folder}/src`));
  const wanted = new Map<string, string>();
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  for (const path of files) {
    const kind = KINDS.find(({ ending }) => path.endsWith(ending));
    if (kind === undefined) continue;
    const heading = `// Generated from ${posix.basename(path)} by "pnpm generate": change that file, not this one.\n\n`;
    const text = heading + kind.render(path, read(path), read);
    wanted.set(path.slice(0, -kind.ending.length) + GENERATED_ENDING, text);
  }
  const paths = new Set([...wanted.keys(), ...files.filter((path) => path.endsWith(GENERATED_ENDING))]);
  return [...paths].toSorted().map((path) => {
    const present = existsSync(join(root, path)) ? read(path) : undefined;
    return { path, present, wanted: wanted.get(path) };
  });
}

function filesBelow(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(root, path) : [path];
  });
}
