import { defineConfig, mergeConfig } from 'vitest/config';

import { shared } from '../../vitest.shared.ts';

// Runs of several processes share the machine badly with each other: one file at a time.
export default mergeConfig(
  shared,
  defineConfig({
    test: {
      name: 'fault-tests',
      include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
      fileParallelism: false,
      testTimeout: 120_000,
    },
  }),
);
