import type { Operation } from '@langchain/langgraph-checkpoint';

import type { KeepstepStore } from '../src/index.ts';

/** Carries out operations that the types of LangGraph need not allow. */
export function looseBatch(store: KeepstepStore, ...operations: readonly object[]): Promise<unknown[]> {
  return store.batch(operations as Operation[]);
}
