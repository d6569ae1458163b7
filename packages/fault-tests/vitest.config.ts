import { defineConfig, mergeConfig } from 'vitest/config';

import { shared } from '../../vitest.shared.ts';

// To break everything under every cache takes minutes: CI does it, and whoever asks for it.
const long = process.env['KEEPSTEP_LONG_TESTS'] === '1' ? [] : ['test/controls.test.ts', 'test/faults.test.ts'];

// Runs of several processes share the machine badly with each other: one file at a time.
export default mergeConfig(
  shared,
  defineConfig({
    test: {
      name: 'fault-tests',
      include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
      exclude: long,
      fileParallelism: false,
      testTimeout: 120_000,
    },
  }),
);
