import { setTimeout as sleep } from 'node:timers/promises';

import { openSingleStage, type SingleStage } from '../stages/single-stage.ts';
import type { Fault } from './fault.ts';

export const serverStopped: Fault<SingleStage> = {
  name: 'server-stopped',
  what: 'the server stops answering for a while',
  open: openSingleStage,
  async strike({ stage: { server }, random }) {
    server.pause();
    await sleep(100 + random() * 900);
    server.resume();
  },
};
