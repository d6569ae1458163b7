import { setTimeout as sleep } from 'node:timers/promises';

import { openSingleStage, type SingleStage } from '../stages/single-stage.ts';
import type { Fault } from './fault.ts';

export const memoryFull: Fault<SingleStage> = {
  name: 'memory-full',
  what: 'the server has no memory for writes',
  open: openSingleStage,
  async strike({ stage: { server } }) {
    await server.command('CONFIG', 'SET', 'maxmemory', 1);
    await sleep(200);
    await server.command('CONFIG', 'SET', 'maxmemory', 0);
  },
};
