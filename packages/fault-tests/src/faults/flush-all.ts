import { setTimeout as sleep } from 'node:timers/promises';

import { openSingleStage, type SingleStage } from '../stages/single-stage.ts';
import type { Fault } from './fault.ts';

export const flushAll: Fault<SingleStage> = {
  name: 'flush-all',
  what: 'all data is deleted',
  open: openSingleStage,
  async strike({ stage: { server } }) {
    await sleep(100);
    await server.command('FLUSHALL');
  },
};
