import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { rolldown, type OutputChunk } from 'rolldown';
import { repositoryRoot } from './workspace.ts';

// Usage: node scripts/check-size.ts [--root <folder>]
// Bundles what an application imports, as its bundler would: of the core, devalue included where it is reached; of an
// adapter, without the core and the framework.

const CORE = 'packages/core/src/index.ts';

const BOUNDS = [
  // What an agent needs. The goal is 15 kB; until it is reached, this keeps it from growing.
  {
    what: 'createToolCache with memoryStore',
    entry: CORE,
    names: ['createToolCache', 'memoryStore'],
    limitBytes: 21_500,
  },
  { what: 'all of @keepstep/core', entry: CORE, names: ['*'], limitBytes: 26_700 },
  { what: '@keepstep/ai-sdk', entry: 'packages/ai-sdk/src/index.ts', names: ['*'], limitBytes: 3000 },
  { what: '@keepstep/langchain', entry: 'packages/langchain/src/index.ts', names: ['*'], limitBytes: 5500 },
] as const;

const { root } = parseArgs({ options: { root: { type: 'string', default: repositoryRoot } } }).values;

for (const { what, entry, names, limitBytes } of BOUNDS) {
  if (!existsSync(join(root, entry))) continue;
  const bytes = await bundledBytes(entry, names);
  const facts = `${what} is ${inKilobytes(bytes)} minified and gzipped; the limit is ${inKilobytes(limitBytes)}`;
  if (bytes > limitBytes) {
    console.log(`${facts}: ${bytes - limitBytes} bytes too many.`);
    process.exitCode = 1;
  } else {
    console.log(`${facts}.`);
  }
}

/** Returns the bytes that an application loads at once which imports these names. */
async function bundledBytes(entry: string, names: readonly string[]): Promise<number> {
  const application = 'application.js';
  const source = JSON.stringify(join(root, entry));
  const bundle = await rolldown({
    input: application,
    cwd: root,
    platform: 'node',
    logLevel: 'silent',
    tsconfig: false,
    // What an adapter needs is there already, where it is used.
    external: /^(@keepstep\/|@langchain\/|langchain$|zod$)/,
    // A name that does not exist is a mistake in the list above.
    shimMissingExports: false,
    plugins: [
      {
        name: 'application',
        resolveId: (id) => (id === application ? id : undefined),
        load: (id) =>
          id === application
            ? `export ${names.includes('*') ? '*' : `{ ${names.join(', ')} }`} from ${source};`
            : undefined,
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'esm', minify: true });
  const chunks = output.filter((part): part is OutputChunk => part.type === 'chunk');
  // What is imported on demand only (a store opened from a URL) is no part of it.
  return loadedAtOnce(chunks).reduce((sum, { code }) => sum + gzipSync(code).length, 0);
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
