import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

import { nextId } from './id.ts';

describe('nextId', () => {
  it('is another one every time, in letters and digits', () => {
    const ids = Array.from({ length: 10_000 }, nextId);
    expect(new Set(ids).size).toBe(10_000);
    expect(ids.every((id) => /^[a-z0-9]{13,24}$/.test(id))).toBe(true);
  });

  it('is another one in every process', () => {
    const script = `import { nextId } from ${JSON.stringify(new URL('id.ts', import.meta.url).href)}; console.log(nextId());`;
    const run = (): string =>
      execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).trim();
    const ids = [run(), run()];
    expect(ids[0]).toMatch(/^[a-z0-9]+1$/);
    expect(ids[0]).not.toBe(ids[1]);
  });
});
