import { memoryStore } from '@keepstep/core';
import { deltaChannelHistoryTests, specTest } from '@langchain/langgraph-checkpoint-validation';

import { KeepstepSaver } from '../src/keepstep-saver.ts';

const initializer = {
  checkpointerName: 'KeepstepSaver in memory',
  createCheckpointer: () => new KeepstepSaver({ store: memoryStore() }),
};
specTest(initializer);
deltaChannelHistoryTests(initializer);
