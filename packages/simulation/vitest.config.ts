import { defineConfig, mergeConfig } from 'vitest/config';

import { shared } from '../../vitest.shared.ts';

// A simulation is counted in operations, not in seconds: a busy machine is no reason to fail.
export default mergeConfig(
  shared,
  defineConfig({
    test: {
      name: 'simulation',
      include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
      testTimeout: 600_000,
      hookTimeout: 600_000,
    },
  }),
);
