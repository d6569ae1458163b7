import { setTimeout as sleep } from 'node:timers/promises';

import { openSingleStage, type SingleStage } from '../stages/single-stage.ts';
import type { Fault } from './fault.ts';

export const none: Fault<SingleStage> = {
  name: 'none',
  what: 'nothing breaks',
  open: openSingleStage,
  async strike() {
    await sleep(200);
  },
};
