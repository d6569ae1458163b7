import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

import { findValkey } from './find-valkey.ts';

const scratch = mkdtempSync(join(tmpdir(), 'find-valkey-'));

function program(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'valkey-server');
  writeFileSync(path, '');
  chmodSync(path, 0o755);
  return path;
}

describe('findValkey', () => {
  afterAll(() => rmSync(scratch, { recursive: true }));

  it('prefers the server on PATH', () => {
    const onPath = program(join(scratch, 'bin'));
    program(join(scratch, 'unpacked/bin'));
    const found = findValkey(`/nowhere:${join(scratch, 'bin')}`, join(scratch, 'unpacked'));
    expect(found).toEqual({ path: onPath, environment: {} });
  });

  it('takes the unpacked server with the libraries that came with it', () => {
    const path = program(join(scratch, 'whole/bin'));
    const libraries = join(scratch, 'whole/lib/any-linux-gnu');
    mkdirSync(libraries, { recursive: true });
    expect(findValkey('', join(scratch, 'whole'))).toEqual({ path, environment: { LD_LIBRARY_PATH: libraries } });
  });

  it('names the command that helps where there is no server', () => {
    expect(() => findValkey('/nowhere', join(scratch, 'nothing'))).toThrow('run "pnpm valkey" first');
  });
});
