import { defineConfig, mergeConfig } from 'vitest/config';

import { shared } from '../../vitest.shared.ts';

// To find out about every sabotaged store takes minutes: CI does it, and whoever asks for it.
const long = process.env['KEEPSTEP_LONG_TESTS'] === '1' ? [] : ['test/sabotage.test.ts'];

// A simulation is counted in operations, not in seconds: a busy machine is no reason to fail.
export default mergeConfig(
  shared,
  defineConfig({
    test: {
      name: 'simulation',
      include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
      exclude: long,
      testTimeout: 600_000,
      hookTimeout: 600_000,
    },
  }),
);
