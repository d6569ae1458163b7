import { expect, it } from 'vitest';

import { runMain } from './run-main.ts';

it('lists the benches when none is named', async () => {
  const { stdout, exitCode } = await runMain();
  expect(exitCode).toBe(0);
  expect(stdout).toContain('  near-cache  ');
});

it('names the benches that there are when one is unknown', async () => {
  const { stdout, stderr, exitCode } = await runMain('far-cache');
  expect(exitCode).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain('There is no bench "far-cache". There are:\n\n  near-cache  ');
});

it('refuses an unknown option', async () => {
  const { stderr, exitCode } = await runMain('near-cache', '--fast');
  expect(exitCode).toBe(2);
  expect(stderr).toContain("Unknown option '--fast'");
});

it('refuses two benches at a time', async () => {
  const { stderr, exitCode } = await runMain('near-cache', 'far-cache');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('One bench at a time');
});
