import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Is one file of the documentation. */
export interface Page {
  /** Is its path from the root of the repository, with slashes: `docs/loops.md`. */
  readonly path: string;
  readonly text: string;
}

/** Is the repository that is documented. */
export const repositoryRoot: string = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/** Reads all pages: those at the root, those in `docs` and in `docs/recipes`, and the README of each package. */
export function readPages(): readonly Page[] {
  const packages = readdirSync(join(repositoryRoot, 'packages')).map((name) => `packages/${name}/README.md`);
  const paths = [...markdownIn(''), ...markdownIn('docs/'), ...markdownIn('docs/recipes/'), ...packages.filter(exists)];
  return paths.map((path) => ({ path, text: readFileSync(join(repositoryRoot, path), 'utf8') }));
}

/** Tells whether a file or folder of the repository is there. */
export function exists(path: string): boolean {
  return existsSync(join(repositoryRoot, path));
}

function markdownIn(folder: string): string[] {
  return readdirSync(join(repositoryRoot, folder))
    .filter((name) => name.endsWith('.md'))
    .toSorted()
    .map((name) => folder + name);
}
