import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { rolldown, type OutputChunk } from 'rolldown';
import { repositoryRoot } from './workspace.ts';

// Usage: node scripts/check-size.ts [--root <folder>]
// Bundles what an application imports, as its bundler would: of the core, devalue included where it is reached; of an
// adapter, without the core and the framework. What counts is loaded at once: the entry, and all that it imports in
// whatever way but `import()`. What `import()` may bring later has a bound of its own, so that nothing hides there.

const CORE = 'packages/core/src/index.ts';

interface Bound {
  readonly what: string;
  readonly entry: string;
  readonly names: readonly string[];
  readonly limitBytes: number;
  /** Bounds what comes on demand; not given for what also opens stores from URLs, each with a client of its own. */
  readonly laterLimitBytes?: number;
}

const BOUNDS: readonly Bound[] = [
  // What an agent needs. The goal is 15 kB; until it is reached, this keeps it from growing.
  {
    what: 'createToolCache with memoryStore',
    entry: CORE,
    names: ['createToolCache', 'memoryStore'],
    limitBytes: 22_200,
    laterLimitBytes: 8400,
  },
  { what: 'all of @keepstep/core', entry: CORE, names: ['*'], limitBytes: 27_200 },
  { what: '@keepstep/ai-sdk', entry: 'packages/ai-sdk/src/index.ts', names: ['*'], limitBytes: 2800 },
  { what: '@keepstep/langchain', entry: 'packages/langchain/src/index.ts', names: ['*'], limitBytes: 6600 },
];

const { root } = parseArgs({ options: { root: { type: 'string', default: repositoryRoot } } }).values;

for (const { what, entry, names, limitBytes, laterLimitBytes } of BOUNDS) {
  if (!existsSync(join(root, entry))) continue;
  const { atOnceBytes, laterBytes } = await measure(entry, names);
  judge(`${what} is`, atOnceBytes, limitBytes);
  if (laterLimitBytes !== undefined) judge(`what ${what} may load later is`, laterBytes, laterLimitBytes);
}

function judge(subject: string, bytes: number, limitBytes: number): void {
  const facts = `${subject} ${inKilobytes(bytes)} minified and gzipped; the limit is ${inKilobytes(limitBytes)}`;
  if (bytes <= limitBytes) return console.log(`${facts}.`);
  console.log(`${facts}: ${bytes - limitBytes} bytes too many.`);
  process.exitCode = 1;
}

/** Measures what an application loads that imports these names: at once, and on demand. */
async function measure(entry: string, names: readonly string[]): Promise<{ atOnceBytes: number; laterBytes: number }> {
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
  const atOnceBytes = zippedBytes(loadedAtOnce(chunks));
  return { atOnceBytes, laterBytes: zippedBytes(chunks) - atOnceBytes };
}

function loadedAtOnce(all: readonly OutputChunk[]): OutputChunk[] {
  const names = new Set(all.filter((chunk) => chunk.isEntry).map((chunk) => chunk.fileName));
  for (const name of names) {
    for (const imported of all.find((chunk) => chunk.fileName === name)?.imports ?? []) names.add(imported);
  }
  return all.filter((chunk) => names.has(chunk.fileName));
}

function zippedBytes(chunks: readonly OutputChunk[]): number {
  return chunks.reduce((sum, { code }) => sum + gzipSync(code).length, 0);
}

function inKilobytes(count: number): string {
  return `${(count / 1000).toFixed(2)} kB`;
}
