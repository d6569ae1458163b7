import { setTimeout as sleep } from 'node:timers/promises';

import { openSingleStage, type SingleStage } from '../stages/single-stage.ts';
import type { Fault } from './fault.ts';

export const memoryEvicts: Fault<SingleStage> = {
  name: 'memory-evicts',
  what: 'the server evicts whatever it likes',
  open: openSingleStage,
  async strike({ stage: { server } }) {
    await server.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-random');
    const used = Number(await server.info('used_memory'));
    // Below what the server takes for itself: every write evicts until nothing is left.
    await server.command('CONFIG', 'SET', 'maxmemory', Math.floor(used * 0.9));
    await sleep(100);
    await server.command('CONFIG', 'SET', 'maxmemory', 0, 'maxmemory-policy', 'noeviction');
  },
};
