import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { rolldown, type OutputChunk } from 'rolldown';
import { publicPackages, repositoryRoot, type WorkspacePackage } from './workspace.ts';

// Usage: node scripts/check-size.ts [--root <folder>]
// Bundles the main entry of packages as an application's bundler would: of the core with the memory store and devalue, of
// an adapter with nothing of the core and of its framework.

/** Is the most that a package may have, in bytes, minified and gzipped: all that it exports, loaded at once. */
const LIMITS: Readonly<Record<string, number>> = {
  // The goal is 15 kB; until it is reached, this keeps it from growing.
  '@keepstep/core': 25_100,
  '@keepstep/ai-sdk': 3000,
};

const { root } = parseArgs({ options: { root: { type: 'string', default: repositoryRoot } } }).values;

for (const published of publicPackages(root)) {
  const limit = LIMITS[published.manifest.name];
  if (limit !== undefined) await checkPackage(published, limit);
}

async function checkPackage({ folder, manifest: { name } }: WorkspacePackage, limit: number): Promise<void> {
  const bundle = await rolldown({
    input: join(root, folder, 'src/index.ts'),
    cwd: root,
    platform: 'node',
    logLevel: 'silent',
    tsconfig: false,
    // What an adapter needs is there already, where it is used.
    external: /^@keepstep\//,
  });
  const { output } = await bundle.generate({ format: 'esm', minify: true });
  const chunks = output.filter((part): part is OutputChunk => part.type === 'chunk');
  // What is imported on demand only (a store opened from a URL) is no part of it.
  const bytes = loadedAtOnce(chunks).reduce((sum, { code }) => sum + gzipSync(code).length, 0);
  const facts = `${name} is ${inKilobytes(bytes)} minified and gzipped; the limit is ${inKilobytes(limit)}`;
  if (bytes <= limit) return console.log(`${facts}.`);
  console.log(`${facts}: ${bytes - limit} bytes too many.`);
  process.exitCode = 1;
}

function loadedAtOnce(all: readonly OutputChunk[]): OutputChunk[] {
  const names = new Set(all.filter((chunk) => chunk.isEntry).map((chunk) => chunk.fileName));
  for (const name of names) {
    for (const imported of all.find((chunk) => chunk.fileName === name)?.imports ?? []) names.add(imported);
  }
  return all.filter((chunk) => names.has(chunk.fileName));
}

function inKilobytes(count: number): string {
  return `${(count / 1000).toFixed(2)} kB`;
}
