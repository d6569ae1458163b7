import { defineConfig, mergeConfig } from 'vitest/config';

import { shared } from '../../vitest.shared.ts';

// A bench is run as a process of its own, with rounds as short as they can be, and takes its time all the same.
export default mergeConfig(
  shared,
  defineConfig({
    test: {
      name: 'bench',
      include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
      testTimeout: 300_000,
      hookTimeout: 300_000,
    },
  }),
);
