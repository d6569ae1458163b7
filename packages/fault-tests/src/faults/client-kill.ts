import { setTimeout as sleep } from 'node:timers/promises';

import { openSingleStage, type SingleStage } from '../stages/single-stage.ts';
import type { Fault } from './fault.ts';

export const clientKill: Fault<SingleStage> = {
  name: 'client-kill',
  what: 'the server drops all connections',
  open: openSingleStage,
  async strike({ stage: { server } }) {
    await sleep(100);
    await server.command('CLIENT', 'KILL', 'TYPE', 'normal');
    await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
  },
};
