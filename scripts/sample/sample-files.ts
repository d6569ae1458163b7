const ROOT_MANIFEST = `{
  "name": "sample",
  "private": true,
  "type": "module",
  "scripts": {
    "fix": "oxlint --fix && oxfmt",
    "unused": "knip",
    "version-packages": "changeset version",
    "build": "turbo run build"
  },
  "devDependencies": {
    "@changesets/cli": "catalog:",
    "@types/node": "catalog:",
    "knip": "catalog:",
    "oxfmt": "catalog:",
    "oxlint": "catalog:",
    "oxlint-tsgolint": "catalog:",
    "turbo": "catalog:",
    "typescript": "catalog:"
  },
  "packageManager": "pnpm@12.4.2"
}
`;

const WORKSPACE = `packages:
  - packages/*

catalog:
  '@changesets/cli': 3.0.3
  '@types/node': 24.19.2
  knip: 6.44.2
  oxfmt: 0.78.0
  oxlint: 1.94.0
  oxlint-tsgolint: 7.0.2007
  turbo: 2.11.11
  typescript: 7.0.2

catalogs:
  published:
    devalue: ^6.0.3

verifyDepsBeforeRun: false
`;

const CORE_MANIFEST = `{
  "name": "@keepstep/core",
  "version": "0.0.0",
  "description": "Is a sample.",
  "license": "MIT",
  "files": [
    "dist",
    "src",
    "!src/**/*.test.ts"
  ],
  "type": "module",
  "sideEffects": false,
  "exports": {
    ".": {
      "keepstep-source": "./src/index.ts",
      "types": "./dist/index.d.ts",
      "default": "./dist/index.js"
    },
    "./package.json": "./package.json"
  },
  "publishConfig": {
    "exports": {
      ".": {
        "types": "./dist/index.d.ts",
        "default": "./dist/index.js"
      },
      "./package.json": "./package.json"
    },
    "access": "public"
  },
  "scripts": {
    "build": "tsc -p tsconfig.build.json",
    "typecheck": "tsc -p tsconfig.json"
  },
  "dependencies": {
    "devalue": "catalog:published"
  },
  "engines": {
    "node": ">=22.13"
  }
}
`;

/** Holds the sources of the sample: a core with one file in a few of its layers. */
export const sampleFiles: Readonly<Record<string, string>> = {
  '.gitignore': 'node_modules\ndist\n.turbo\n',
  'scripts/greet.ts': `console.log('Is a script of the sample.');\n`,
  'package.json': ROOT_MANIFEST,
  'pnpm-workspace.yaml': WORKSPACE,
  'packages/core/package.json': CORE_MANIFEST,
  'packages/core/src/errors.ts': `/** Is the error of the sample. */
export class SampleError extends Error {}
`,
  'packages/core/src/codec/value-codec.ts': `import { stringify } from 'devalue';

/** Turns a value into text. */
export function encodeValue(value: unknown): string {
  return stringify(value);
}
`,
  'packages/core/src/resource/resource-path.ts': `/** Names a piece of data. */
export type ResourcePath = readonly string[];
`,
  'packages/core/src/stores/memory/memory-store.ts': `import { encodeValue } from '../../codec/value-codec.ts';

/** Creates a store in memory. */
export function memoryStore(): Map<string, string> {
  return new Map([['sample', encodeValue(null)]]);
}
`,
  'packages/core/src/create-tool-cache.ts': `import { SampleError } from './errors.ts';
import type { ResourcePath } from './resource/resource-path.ts';
import { memoryStore } from './stores/memory/memory-store.ts';

/** Creates a cache. */
export function createToolCache(path: ResourcePath): Map<string, string> {
  if (path.length === 0) throw new SampleError('An empty path names nothing.');
  return memoryStore();
}
`,
  'packages/core/src/index.ts': `export { createToolCache } from './create-tool-cache.ts';
export { SampleError } from './errors.ts';
export { memoryStore } from './stores/memory/memory-store.ts';
`,
};
