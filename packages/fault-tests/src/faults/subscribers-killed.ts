import { setTimeout as sleep } from 'node:timers/promises';

import { openSingleStage, type SingleStage } from '../stages/single-stage.ts';
import type { Fault } from './fault.ts';

export const subscribersKilled: Fault<SingleStage> = {
  name: 'subscribers-killed',
  what: 'the server drops the connections of subscribers',
  open: openSingleStage,
  async strike({ stage: { server } }) {
    await sleep(100);
    await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
  },
};
