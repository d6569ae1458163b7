import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const home = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs the package's script "bench" as a process of its own, as pnpm would. */
export function runMain(...args: string[]): Promise<{ stdout: string; stderr: string; exitCode: number }> {
  const { scripts } = JSON.parse(readFileSync(`${home}/package.json`, 'utf8')) as { scripts: { bench: string } };
  const [, ...own] = scripts.bench.split(' ');
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [...own, ...args],
      { cwd: home, maxBuffer: 2 ** 26 },
      (_, stdout, stderr) => resolve({ stdout, stderr, exitCode: child.exitCode ?? -1 }),
    );
  });
}
