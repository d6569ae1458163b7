import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const home = join(import.meta.dirname, '..');

function runMain(...args: string[]): Promise<{ stdout: string; stderr: string; exitCode: number }> {
  return new Promise((resolve) => {
    const command = ['--conditions=keepstep-source', 'src/main.ts', ...args];
    const child = execFile(process.execPath, command, { cwd: home, maxBuffer: 2 ** 26 }, (_, stdout, stderr) =>
      resolve({ stdout, stderr, exitCode: child.exitCode ?? -1 }),
    );
  });
}

it('lists the faults when one is unknown', async () => {
  const { stdout, stderr, exitCode } = await runMain('--fault', 'fire');
  expect(exitCode).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain('there is no fault "fire"');
  expect(stderr).toMatch(/ {2}client-kill +the server drops all connections/);
});

it('runs a fault that is named, and prints a row, a sum and the seed', async () => {
  const { stdout, exitCode } = await runMain('--fault', 'none', '--seed', '12');
  expect(stdout).toContain('Seed 12, 1 trials of 1.5 s');
  expect(stdout).toMatch(/✓ none +\d+ +\d{3,} +\d+/);
  expect(stdout).toMatch(/0 stale, 0 of 0 wrong caches caught; 1 passed, 0 failed/);
  expect(exitCode).toBe(0);
});

it('prints results for machines', async () => {
  const { stdout } = await runMain('--fault', 'none', '--seed', '12', '--json');
  const { seed, summary, results } = JSON.parse(stdout);
  expect({ seed, passed: summary.passed, names: results.map(({ fault }: { fault: string }) => fault) }).toEqual({
    seed: 12,
    passed: 1,
    names: ['none'],
  });
  expect(results[0].counts.reads).toBeGreaterThan(500);
});
