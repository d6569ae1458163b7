import { setTimeout as sleep } from 'node:timers/promises';

import { openSingleStage, type SingleStage } from '../stages/single-stage.ts';
import type { Fault } from './fault.ts';

export const clientPause: Fault<SingleStage> = {
  name: 'client-pause',
  what: 'the server holds all commands for a while',
  open: openSingleStage,
  async strike({ stage: { server } }) {
    await server.command('CLIENT', 'PAUSE', 120, 'ALL');
    await sleep(150);
  },
};
