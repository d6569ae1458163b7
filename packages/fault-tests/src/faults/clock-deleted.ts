import { setTimeout as sleep } from 'node:timers/promises';
import { deleteKeys } from './delete-keys.ts';

import { openSingleStage, type SingleStage } from '../stages/single-stage.ts';
import type { Fault } from './fault.ts';

export const clockDeleted: Fault<SingleStage> = {
  name: 'clock-deleted',
  what: 'the keys that hold what was invalidated are evicted',
  open: openSingleStage,
  async strike({ stage: { server }, clockKeys }) {
    await sleep(100);
    await deleteKeys(server, clockKeys);
  },
};
