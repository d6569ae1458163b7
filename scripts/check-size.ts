import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { rolldown, type OutputChunk } from 'rolldown';
import { repositoryRoot } from './workspace.ts';

// Usage: node scripts/check-size.ts [--root <folder>]
// Bundles the main entry of the core, the memory store and devalue included, as an application's bundler would.
const ENTRY = 'packages/core/src/index.ts';
// Everything that is exported, loaded at once. The goal is 15 kB; until it is reached, this keeps it from growing.
const LIMIT_BYTES = 25_100;

const { root } = parseArgs({ options: { root: { type: 'string', default: repositoryRoot } } }).values;

const bundle = await rolldown({
  input: join(root, ENTRY),
  cwd: root,
  platform: 'node',
  logLevel: 'silent',
  tsconfig: false,
});
const { output } = await bundle.generate({ format: 'esm', minify: true });
const chunks = output.filter((part): part is OutputChunk => part.type === 'chunk');
// What is imported on demand only (a store opened from a URL) is no part of it.
const loaded = loadedAtOnce(chunks);
const bytes = loaded.reduce((sum, { code }) => sum + gzipSync(code).length, 0);

const facts = `@keepstep/core is ${inKilobytes(bytes)} minified and gzipped; the limit is ${inKilobytes(LIMIT_BYTES)}`;
if (bytes > LIMIT_BYTES) {
  console.log(`${facts}: ${bytes - LIMIT_BYTES} bytes too many.`);
  process.exitCode = 1;
} else {
  console.log(`${facts}.`);
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
