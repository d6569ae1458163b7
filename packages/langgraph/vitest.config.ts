import { defineConfig, mergeConfig } from 'vitest/config';

import { shared } from '../../vitest.shared.ts';

export default mergeConfig(
  shared,
  // The official suite takes its runner from the globals.
  defineConfig({
    test: { name: 'langgraph', globals: true, include: ['src/**/*.test.ts', 'test/**/*.test.ts'] },
  }),
);
