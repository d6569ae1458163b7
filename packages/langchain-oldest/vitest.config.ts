import { join } from 'node:path';
import { defineConfig, mergeConfig } from 'vitest/config';

import { shared } from '../../vitest.shared.ts';

const langchain = join(import.meta.dirname, '../langchain');

export default mergeConfig(
  shared,
  defineConfig({
    // Sources and tests are those of the adapter; what they import of LangChain is found here.
    resolve: { dedupe: ['@langchain/core', '@langchain/langgraph', 'langchain'] },
    test: {
      name: 'langchain-oldest',
      dir: langchain,
      include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
      env: { KEEPSTEP_LANGCHAIN_SET: 'oldest' },
    },
  }),
);
