import { defineConfig, mergeConfig } from 'vitest/config';

import { shared } from '../../vitest.shared.ts';

// Every program of the documentation is a process of its own.
export default mergeConfig(
  shared,
  defineConfig({
    test: {
      name: 'docs',
      include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
      testTimeout: 60_000,
      hookTimeout: 120_000,
    },
  }),
);
