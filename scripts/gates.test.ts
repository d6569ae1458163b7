import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleFiles } from './sample/sample-files.ts';
import { createSampleRepository, type SampleRepository } from './sample/sample-repository.ts';

const CORE = 'packages/core/package.json';

let sample: SampleRepository;

beforeEach(() => {
  sample = createSampleRepository();
});
afterEach(() => {
  sample[Symbol.dispose]();
});

/** Expects that a gate fails over the sample as it is now, and says what it must. */
async function expectFailure(gate: string, ...said: readonly string[]): Promise<void> {
  const { ok, output } = await sample.check(gate);
  expect(output).toContain(`✗ ${gate}`);
  for (const text of said) expect(output).toContain(text);
  expect(ok).toBe(false);
}

it('passes every gate when nothing is seeded', async () => {
  const gates = ['generated', 'types', 'lint', 'format', 'structure', 'unused', 'versions', 'packages', 'size'];
  const { ok, output } = await sample.check(...gates);
  expect(output.match(/^[✓✗] \w+/gm)).toEqual(gates.map((gate) => `✓ ${gate}`));
  expect(ok).toBe(true);
});

describe('generated', () => {
  const SOURCE = 'packages/core/src/stores/sqlite/statements/entries.sql';
  const MODULE = 'packages/core/src/stores/sqlite/statements/entries.generated.ts';

  beforeEach(async () => {
    sample.write(SOURCE, '-- findEntry: Returns an entry.\nSELECT value FROM entry;\n');
    await sample.run('generate.ts');
  });

  it('fails on a module that is edited by hand', async () => {
    sample.append(MODULE, '\n');
    await expectFailure('generated', `${MODULE} is not what its source says.`);
  });

  it('fails on a source that has changed since', async () => {
    sample.write(SOURCE, '-- findEntry: Returns an entry.\nSELECT key FROM entry;\n');
    await expectFailure('generated', `${MODULE} is not what its source says.`);
  });

  it('fails on a source whose module was never made', async () => {
    sample.write(SOURCE.replace('entries', 'leases'), '-- findLease: Returns a lease.\nSELECT 1;\n');
    await expectFailure('generated', `${MODULE.replace('entries', 'leases')} is missing.`);
  });

  it('fails on a module whose source is gone', async () => {
    sample.write(MODULE.replace('entries', 'leases'), `export const leasesSql = {};\n`);
    await expectFailure('generated', `${MODULE.replace('entries', 'leases')} has no source any more.`);
  });
});

describe('types', () => {
  it('fails on a type error in a package', async () => {
    sample.write('packages/core/src/errors.ts', `/** Is wrong. */\nexport const SampleError: number = 'text';\n`);
    await expectFailure('types', 'src/errors.ts', 'TS2322');
  });

  it('fails on a type error in a script', async () => {
    sample.write('scripts/greet.ts', `const count: number = 'text';\nconsole.log(count);\n`);
    await expectFailure('types', 'scripts/greet.ts', 'TS2322');
  });
});

describe('lint', () => {
  it('fails on a promise that nobody awaits, across files', async () => {
    sample.write('packages/core/src/loop/save.ts', `export async function save(): Promise<void> {}\n`);
    sample.write('packages/core/src/loop/loop-policy.ts', `import { save } from './save.ts';\n\nsave();\n`);
    await expectFailure('lint', 'no-floating-promises', 'loop-policy.ts:3');
  });

  it('fails on a cycle that consists of types only', async () => {
    sample.write(
      'packages/core/src/loop/left.ts',
      `import type { Right } from './right.ts';\n\nexport interface Left {\n  right?: Right;\n}\n`,
    );
    sample.write(
      'packages/core/src/loop/right.ts',
      `import type { Left } from './left.ts';\n\nexport interface Right {\n  left?: Left;\n}\n`,
    );
    await expectFailure('lint', 'no-cycle', 'left.ts', 'right.ts');
  });

  it('fails on a test whose title is no sentence in the present', async () => {
    sample.write(
      'packages/core/src/errors.test.ts',
      `import { expect, it } from 'vitest';\n\nit('should add', () => {\n  expect(1 + 1).toBe(2);\n});\n`,
    );
    await expectFailure('lint', 'valid-title', 'errors.test.ts:3');
  });
});

describe('format', () => {
  it('fails on a file that is not formatted', async () => {
    sample.write('packages/core/src/errors.ts', 'export   const x = "double"');
    await expectFailure('format', 'packages/core/src/errors.ts');
  });
});

describe('unused', () => {
  it('fails on an export that nobody imports', async () => {
    sample.write(
      'packages/core/src/errors.ts',
      `/** Is used. */\nexport class SampleError extends Error {}\n\nexport const FORGOTTEN = 1;\n`,
    );
    await expectFailure('unused', 'Unused exports (1)', 'FORGOTTEN');
  });

  it('fails on a file that nobody imports', async () => {
    sample.write('packages/core/src/forgotten.ts', `export const FORGOTTEN = 1;\n`);
    await expectFailure('unused', 'Unused files (1)', 'packages/core/src/forgotten.ts');
  });

  it('fails on a dependency that nobody imports', async () => {
    sample.write(
      'packages/core/src/codec/value-codec.ts',
      `export function encodeValue(value: unknown): string {\n  return JSON.stringify(value);\n}\n`,
    );
    await expectFailure('unused', 'Unused dependencies (1)', 'devalue');
  });
});

describe('versions', () => {
  it('fails on two versions of one dependency', async () => {
    for (const [name, version] of [
      ['left', '4.10.1'],
      ['right', '4.10.2'],
    ]) {
      const manifest = { name, version: '0.0.0', private: true, devDependencies: { 'fast-check': version } };
      sample.write(`packages/${name}/package.json`, JSON.stringify(manifest));
    }
    await expectFailure('versions', 'multiple-dependency-versions', 'fast-check', '4.10.1', '4.10.2');
  });
});

describe('packages', () => {
  it('fails on an export of a file that the archive lacks', async () => {
    sample.editJson(CORE, ({ publishConfig }) => {
      publishConfig.exports['.'].default = './dist/main.js';
    });
    await expectFailure('packages', '@keepstep/core breaks a rule of publint', './dist/main.js');
  });

  it('fails on types that users cannot resolve', async () => {
    // A declaration that leads nowhere: publint sees the files it knows, attw follows the types.
    sample.editJson(CORE, ({ publishConfig }) => {
      delete publishConfig.exports['.'].types;
    });
    sample.editJson('packages/core/tsconfig.build.json', ({ compilerOptions }) => {
      compilerOptions.declaration = false;
      compilerOptions.declarationMap = false;
      compilerOptions.isolatedDeclarations = false;
    });
    await expectFailure('packages', '@keepstep/core has types that users cannot resolve', 'UntypedResolution');
  });

  it('fails on a package that does not build', async () => {
    sample.write('packages/core/src/errors.ts', `export const SampleError: number = 'text';\n`);
    await expectFailure('packages', 'TS2322');
  });
});

describe('size', () => {
  it('fails on a core above the limit, and says by how much', async () => {
    sample.write('packages/core/src/errors.ts', `/** Is large. */\nexport const SampleError = '${noise(30_000)}';\n`);
    await expectFailure('size', 'createToolCache with memoryStore is', 'the limit is 22.20 kB', 'bytes too many');
  });

  it('fails on a whole above its limit, although agents load little of it', async () => {
    sample.write('packages/core/src/large.ts', `/** Is large. */\nexport const LARGE = '${noise(40_000)}';\n`);
    sample.write(
      'packages/core/src/index.ts',
      `${sampleFiles['packages/core/src/index.ts']}export { LARGE } from './large.ts';\n`,
    );
    await expectFailure('size', 'the limit is 22.20 kB.', 'all of @keepstep/core is', 'bytes too many');
  });

  it('fails on an adapter above its own limit, the core not counted', async () => {
    const manifest = { name: '@keepstep/ai-sdk', version: '0.0.0', type: 'module' };
    sample.write('packages/ai-sdk/package.json', JSON.stringify(manifest));
    sample.write(
      'packages/ai-sdk/src/index.ts',
      `export { SampleError } from '@keepstep/core';\nexport const LARGE = '${noise(6400)}';\n`,
    );
    await expectFailure('size', '@keepstep/ai-sdk is', 'the limit is 2.80 kB', 'bytes too many');
  });

  it('bounds what is imported on demand apart from what is loaded at once', async () => {
    sample.write('packages/core/src/large.ts', `export const LARGE = '${noise(30_000)}';\n`);
    sample.write('packages/core/src/errors.ts', `export const SampleError = () => import('./large.ts');\n`);
    await expectFailure(
      'size',
      'the limit is 22.20 kB.',
      'what createToolCache with memoryStore may load later is',
      'the limit is 8.40 kB',
      'bytes too many',
    );
  });

  it('allows a little to be imported on demand', async () => {
    sample.write('packages/core/src/more.ts', `export const MORE = '${noise(6400)}';\n`);
    sample.write('packages/core/src/errors.ts', `export const SampleError = () => import('./more.ts');\n`);
    const { ok, output } = await sample.check('size');
    expect(output).toContain('✓ size');
    expect(ok).toBe(true);
  });
});

/** Returns text that no compression makes much shorter, the same every time. */
function noise(characters: number): string {
  const lines = Array.from({ length: characters / 64 }, (_, index) =>
    createHash('sha384').update(`${index}`).digest('base64'),
  );
  return lines.join('');
}
