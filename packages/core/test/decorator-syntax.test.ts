import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const core = fileURLToPath(new URL('..', import.meta.url));
const compiler = fileURLToPath(new URL('lib/tsc.js', import.meta.resolve('typescript/package.json')));

const PROGRAM = `import { createToolCache } from '@keepstep/core';

const cache = createToolCache();

class Shop {
  #reads = 0;

  @cache.readMethod({ scope: 'global', resource: (userId) => ['cart', userId] })
  async getCart(userId: string): Promise<string> {
    this.#reads += 1;
    return \`read \${this.#reads} for \${userId}\`;
  }

  @cache.writeMethod({ scope: 'global', invalidates: (userId) => ['cart', userId] })
  async addToCart(userId: string, item: string): Promise<string> {
    return \`\${item} for \${userId}\`;
  }
}

const [shop, other] = [new Shop(), new Shop()];
console.log(await shop.getCart('ada'));
console.log(await shop.getCart('ada'));
console.log(await shop.addToCart('ada', 'tea'));
console.log(await shop.getCart('ada'));
// Instances share nothing, unless \`key\` says so.
console.log(await other.getCart('ada'));
console.log(JSON.stringify(Object.keys(cache.metrics().tools)));
`;

// Node does not run decorators as they are written, and nor does the compiler that runs these tests.
it('works in decorator syntax, as the TypeScript compiler translates it', async () => {
  // Inside the package, so that the program finds it by its name.
  const parent = join(core, 'test-results');
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'decorators-'));
  try {
    const source = join(folder, 'shop.ts');
    await writeFile(source, PROGRAM);
    const options = '--noCheck --ignoreConfig --target es2022 --module nodenext --rootDir'.split(' ');
    await run(process.execPath, [compiler, ...options, core, source], { cwd: core });
    const { stdout } = await run(process.execPath, ['--conditions=keepstep-source', join(folder, 'shop.js')]);
    expect(stdout.trim().split('\n')).toEqual([
      'read 1 for ada',
      'read 1 for ada',
      'tea for ada',
      'read 2 for ada',
      'read 1 for ada',
      '["getCart","addToCart"]',
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
