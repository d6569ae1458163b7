import { setTimeout as sleep } from 'node:timers/promises';

import { openSingleStage, type SingleStage } from '../stages/single-stage.ts';
import type { Fault } from './fault.ts';

export const serverRestarted: Fault<SingleStage> = {
  name: 'server-restarted',
  what: 'the server is killed and comes back with an older snapshot',
  open: openSingleStage,
  async strike({ stage: { server }, random }) {
    await server.command('SAVE');
    await sleep(100 + random() * 200);
    await server.kill9();
    await server.restart();
  },
};
