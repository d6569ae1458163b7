import { defineConfig } from 'vitest/config';

import { TestCountReporter } from './test-count.ts';

export default defineConfig({
  cacheDir: '../node_modules/.vite/gates',
  test: {
    name: 'gates',
    include: ['**/*.test.ts'],
    reporters: ['default', new TestCountReporter()],
    testTimeout: 30_000,
  },
});
