import { setTimeout as sleep } from 'node:timers/promises';

import { openSingleStage, type SingleStage } from '../stages/single-stage.ts';
import type { Fault } from './fault.ts';

export const scriptFlush: Fault<SingleStage> = {
  name: 'script-flush',
  what: 'the server forgets all scripts',
  open: openSingleStage,
  async strike({ stage: { server } }) {
    await sleep(100);
    await server.command('SCRIPT', 'FLUSH', 'SYNC');
  },
};
