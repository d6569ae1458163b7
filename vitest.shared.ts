import type { ViteUserConfig } from 'vitest/config';

import { TestCountReporter } from './scripts/test-count.ts';

/** Workspace packages are tested from their sources, not from dist. */
export const shared: ViteUserConfig = {
  resolve: { conditions: ['keepstep-source', 'node', 'import', 'default'] },
  ssr: { resolve: { conditions: ['keepstep-source', 'node', 'import', 'default'] } },
  // Generous: a loaded machine is no reason to fail, and no test asserts a time.
  test: { testTimeout: 30_000, hookTimeout: 60_000, reporters: ['default', new TestCountReporter()] },
};
