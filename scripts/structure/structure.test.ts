import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSampleRepository, type SampleRepository } from '../sample/sample-repository.ts';

const CORE = 'packages/core/package.json';
const SOURCE = 'packages/core/src';

let sample: SampleRepository;

beforeEach(() => {
  sample = createSampleRepository();
});
afterEach(() => {
  sample[Symbol.dispose]();
});

/** Expects one violation per line, as `place rule: problem`, and nothing else. */
async function expectViolations(...expected: readonly string[]): Promise<void> {
  const { ok, output } = await sample.run('check-structure.ts');
  const found = [...output.matchAll(/^(\S+)\n {2}(.+)\n {2}→ .+$/gm)].map((match) => `${match[1]} ${match[2]}`);
  expect(found).toEqual(expected);
  expect(ok).toBe(expected.length === 0);
}

/** Adds a published package to the sample. */
function givenPackage(name: string, manifest: object, source: string): void {
  const folder = `packages/${name.replace('@keepstep/', '')}`;
  const exports = { '.': { 'keepstep-source': './src/index.ts' } };
  sample.write(`${folder}/package.json`, JSON.stringify({ name, exports, ...manifest }));
  sample.write(`${folder}/src/index.ts`, source);
}

describe('layers', () => {
  it.each([
    {
      rule: 'a leaf imports a feature',
      path: 'errors.ts',
      source: `import { encodeValue } from './codec/value-codec.ts';`,
      problem: 'layers: leaves may not import codec ("./codec/value-codec.ts"); types count too.',
    },
    {
      rule: 'a feature imports the type of another feature',
      path: 'loop/loop-policy.ts',
      source: `import type { Session } from '../session/session.ts';`,
      problem: 'layers: loop may not import session ("../session/session.ts"); types count too.',
    },
    {
      rule: 'a feature names a type of another feature in passing',
      path: 'loop/loop-policy.ts',
      source: `export type Own = import('../session/session.ts').Session;`,
      problem: 'layers: loop may not import session ("../session/session.ts"); types count too.',
    },
    {
      rule: 'a feature re-exports another feature',
      path: 'loop/loop-policy.ts',
      source: `export { EventBus } from '../observe/event-bus.ts';`,
      problem: 'layers: loop may not import observe ("../observe/event-bus.ts"); types count too.',
    },
    {
      rule: 'a feature imports the pipeline on demand',
      path: 'observe/event-bus.ts',
      source: `export const run = () => import('../cache/run-tool-call.ts');`,
      problem: 'layers: observe may not import pipeline ("../cache/run-tool-call.ts"); types count too.',
    },
    {
      rule: 'the lowest feature imports one above it',
      path: 'codec/key-hash.ts',
      source: `import type { LoopPolicy } from '../loop/loop-policy.ts';`,
      problem: 'layers: codec may not import loop ("../loop/loop-policy.ts"); types count too.',
    },
    {
      rule: 'a word imports values of a feature',
      path: 'tool-call.ts',
      source: `import { parse } from './resource/resource-path.ts';`,
      problem: 'layers: words may import types of resource, and "./resource/resource-path.ts" brings in values.',
    },
    {
      rule: 'a port imports a feature',
      path: 'store/entry-store.ts',
      source: `import type { Tag } from '../resource/resource-tags.ts';`,
      problem: 'layers: ports may not import resource ("../resource/resource-tags.ts"); types count too.',
    },
    {
      rule: 'the pipeline imports a store',
      path: 'cache/run-tool-call.ts',
      source: `import { memoryStore } from '../stores/memory/memory-store.ts';`,
      problem: 'layers: pipeline may not import memory store ("../stores/memory/memory-store.ts"); types count too.',
    },
    {
      rule: 'a store imports another store',
      path: 'stores/sqlite/sqlite-store.ts',
      source: `import { memoryStore } from '../memory/memory-store.ts';`,
      problem: 'layers: sqlite store may not import memory store ("../memory/memory-store.ts"); types count too.',
    },
    {
      rule: 'a store imports the pipeline',
      path: 'stores/valkey/valkey-store.ts',
      source: `import type { Admission } from '../../cache/admission.ts';`,
      problem: 'layers: valkey store may not import pipeline ("../../cache/admission.ts"); types count too.',
    },
    {
      rule: 'the test kit imports the face',
      path: 'testing/faulty-store.ts',
      source: `import { createToolCache } from '../create-tool-cache.ts';`,
      problem: 'layers: test kit may import types of face, and "../create-tool-cache.ts" brings in values.',
    },
  ])('refuses that $rule', async ({ path, source, problem }) => {
    sample.write(`${SOURCE}/${path}`, `\n${source}\n`);
    await expectViolations(`${SOURCE}/${path}:2 ${problem}`);
  });

  it.each([
    ['a word that imports types of a feature', 'tool-call.ts', `import type { A } from './resource/resource-path.ts';`],
    ['a feature that imports the codec', 'loop/loop-policy.ts', `import { A } from '../codec/value-codec.ts';`],
    ['a feature that imports its own folder', 'loop/loop-policy.ts', `import { A } from './loop-detector.ts';`],
    ['the pipeline that imports a feature', 'cache/refresh.ts', `import { A } from '../loop/loop-policy.ts';`],
    ['a test that imports what it likes', 'errors.test.ts', `import { A } from './create-tool-cache.ts';`],
  ])('allows %s', async (_, path, source) => {
    sample.write(`${SOURCE}/${path}`, `${source}\n`);
    await expectViolations();
  });

  it('refuses a file that belongs to no layer', async () => {
    sample.write(`${SOURCE}/extras/thing.ts`, '');
    await expectViolations(`${SOURCE}/extras/thing.ts layers: this file belongs to no layer.`);
  });
});

describe('vendors and owners', () => {
  it.each([
    [
      'a framework in the core',
      'loop/loop-policy.ts',
      `import type { BaseMessage } from '@langchain/core/messages';`,
      'vendors: the core imports no framework and no sibling package ("@langchain/core/messages").',
    ],
    [
      'a framework in a test of the core',
      'errors.test.ts',
      `import { tool } from 'ai';`,
      'vendors: the core imports no framework and no sibling package ("ai").',
    ],
    [
      'a sibling package in the core',
      'loop/loop-policy.ts',
      `import '@keepstep/langgraph';`,
      'vendors: the core imports no framework and no sibling package ("@keepstep/langgraph").',
    ],
    [
      'any other package in the core',
      'loop/loop-policy.ts',
      `import { LRUCache } from 'lru-cache';`,
      'vendors: the core depends on devalue and on nothing else ("lru-cache").',
    ],
    [
      'devalue outside the codec',
      'loop/loop-policy.ts',
      `import { parse } from 'devalue';`,
      'owners: "devalue" may be imported by codec/ only.',
    ],
    [
      'AsyncLocalStorage outside the session context',
      'session/session.ts',
      `import { AsyncLocalStorage } from 'node:async_hooks';`,
      'owners: "node:async_hooks" may be imported by session/session-context.ts only.',
    ],
    [
      'a module of Node without its prefix',
      'session/session.ts',
      `import { createHash } from 'crypto';`,
      'owners: "crypto" may be imported by id.ts, codec/key-hash.ts, loop/, stores/ only.',
    ],
    [
      'the values of the Valkey client',
      'stores/valkey/client.ts',
      `import { Redis } from 'iovalkey';`,
      'vendors: "iovalkey" is imported for its values.',
    ],
  ])('refuses %s', async (_, path, source, problem) => {
    sample.write(`${SOURCE}/${path}`, `${source}\n`);
    await expectViolations(`${SOURCE}/${path}:1 ${problem}`);
  });

  it('allows the Valkey client on demand, and its types', async () => {
    sample.write(
      `${SOURCE}/stores/valkey/client.ts`,
      `import type { Redis } from 'iovalkey';\nexport const open = async (): Promise<Redis> => new (await import('iovalkey')).Redis();\n`,
    );
    await expectViolations();
  });
});

describe('package borders', () => {
  it('refuses an index inside its package', async () => {
    sample.write(`${SOURCE}/create-cache.ts`, `import { SampleError } from './index.ts';\n`);
    await expectViolations(
      `${SOURCE}/create-cache.ts:1 no barrels: "./index.ts" is an index, which is for users of the package.`,
    );
  });

  it('refuses a path into another package', async () => {
    const source = `export { SampleError } from '../../core/src/errors.ts';\n`;
    givenPackage('@keepstep/ai-sdk', { dependencies: { '@keepstep/core': 'workspace:^' } }, source);
    await expectViolations(
      'packages/ai-sdk/src/index.ts:1 package border: "../../core/src/errors.ts" leaves packages/ai-sdk.',
    );
  });

  it('refuses what is no public entry of another package', async () => {
    const source = `export { SampleError } from '@keepstep/core/errors';\n`;
    givenPackage('@keepstep/ai-sdk', { dependencies: { '@keepstep/core': 'workspace:^' } }, source);
    await expectViolations(
      'packages/ai-sdk/src/index.ts:1 package border: "@keepstep/core/errors" is no public entry of @keepstep/core.',
    );
  });

  it('refuses an adapter that imports another adapter', async () => {
    const manifest = { dependencies: { '@keepstep/core': 'workspace:^' } };
    givenPackage('@keepstep/ai-sdk', manifest, `export { SampleError } from '@keepstep/core';\n`);
    givenPackage('@keepstep/langgraph', manifest, `export { SampleError } from '@keepstep/ai-sdk';\n`);
    await expectViolations(
      'packages/langgraph/src/index.ts:1 package border: @keepstep/langgraph may not import @keepstep/ai-sdk.',
    );
  });
});

describe('file names', () => {
  it.each(['codec/utils.ts', 'loop/helpers.test.ts', 'loop/types/loop.ts', 'stores/memory/constants.ts'])(
    'refuses the drawer %s',
    async (path) => {
      sample.write(`${SOURCE}/${path}`, '');
      const { ok, output } = await sample.run('check-structure.ts');
      expect(output).toMatch(new RegExp(`^${SOURCE}/${path}\n {2}file names: "\\S+" names a drawer\\.`, 'm'));
      expect(ok).toBe(false);
    },
  );
});

describe('dependencies', () => {
  it('refuses another dependency of the core', async () => {
    sample.editJson(CORE, ({ dependencies }) => {
      dependencies['lru-cache'] = '^11.0.0';
    });
    await expectViolations(`${CORE} dependencies: @keepstep/core may not depend on lru-cache.`);
  });

  it('refuses a core that lost its dependency', async () => {
    sample.editJson(CORE, (manifest) => {
      delete manifest.dependencies;
    });
    await expectViolations(`${CORE} dependencies: @keepstep/core must depend on devalue.`);
  });

  it('refuses a Valkey client that every user must install', async () => {
    sample.editJson(CORE, (manifest) => {
      manifest.peerDependencies = { iovalkey: '^0.4.0' };
    });
    await expectViolations(`${CORE} dependencies: the peer iovalkey is not optional.`);
  });

  it('refuses a framework that is a dependency of its adapter', async () => {
    givenPackage('@keepstep/ai-sdk', { dependencies: { '@keepstep/core': 'workspace:^', ai: '^7.0.0' } }, '');
    await expectViolations('packages/ai-sdk/package.json dependencies: @keepstep/ai-sdk may not depend on ai.');
  });

  it('refuses a published package that no table knows', async () => {
    givenPackage('@keepstep/extra', {}, '');
    await expectViolations(
      'packages/extra/package.json dependencies: @keepstep/extra is published and stands in no table.',
    );
  });
});

describe('public entries', () => {
  it('refuses an export without a doc comment, through the index', async () => {
    sample.write(`${SOURCE}/errors.ts`, `\nexport class SampleError extends Error {}\n`);
    await expectViolations(`${SOURCE}/errors.ts:2 doc comments: the public export SampleError has no doc comment.`);
  });

  it('refuses a doc comment that belongs to something else', async () => {
    sample.write(
      `${SOURCE}/errors.ts`,
      `/** Is another constant. */\nconst other = 1;\nexport class SampleError extends Error {\n  other = other;\n}\n`,
    );
    await expectViolations(`${SOURCE}/errors.ts:3 doc comments: the public export SampleError has no doc comment.`);
  });

  it('refuses a doc comment that does not start with a verb', async () => {
    sample.write(`${SOURCE}/errors.ts`, `/** The error. */\nexport class SampleError extends Error {}\n`);
    await expectViolations(
      `${SOURCE}/errors.ts:2 doc comments: the doc comment of the public export SampleError does not start with a verb.`,
    );
  });

  it('accepts a comment on one of several overloads', async () => {
    sample.write(
      `${SOURCE}/errors.ts`,
      `/** Returns what it is given. */\nexport function SampleError(value: string): string;\nexport function SampleError(value: number): number;\nexport function SampleError(value: unknown): unknown {\n  return value;\n}\n`,
    );
    await expectViolations();
  });

  it('refuses to export everything at once', async () => {
    sample.write(`${SOURCE}/index.ts`, `export * from './errors.ts';\n`);
    await expectViolations(`${SOURCE}/index.ts:1 public entries: a public entry uses "export *".`);
  });

  it('refuses an entry whose source is missing', async () => {
    sample.editJson(CORE, ({ exports }) => {
      exports['./testing'] = { 'keepstep-source': './src/testing/index.ts' };
    });
    await expectViolations(`${CORE} public entries: "exports" names ./src/testing/index.ts, which is not there.`);
  });
});

describe('releases', () => {
  it('refuses a published package outside the fixed group', async () => {
    givenPackage(
      'keepstep',
      { dependencies: { '@keepstep/core': '1', '@keepstep/dashboard': '1', citty: '1' } },
      `export { SampleError } from '@keepstep/core';\n`,
    );
    await expectViolations('.changeset/config.json releases: keepstep is published and not in the fixed group.');
  });

  it('refuses a changeset for a package that is not published', async () => {
    sample.write('.changeset/new-thing.md', `---\n'@keepstep/thing': minor\n---\n\nIs new.\n`);
    await expectViolations('.changeset/new-thing.md releases: @keepstep/thing is no published package.');
  });
});
