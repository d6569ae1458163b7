import { setTimeout as sleep } from 'node:timers/promises';

import { openSingleStage, type SingleStage } from '../stages/single-stage.ts';
import type { Fault } from './fault.ts';

export const clientStopped: Fault<SingleStage> = {
  name: 'client-stopped',
  what: 'a process of clients is stopped and goes on',
  open: openSingleStage,
  async strike({ crew, random }) {
    const member = crew.members[Math.floor(random() * crew.members.length)];
    member?.pause();
    await sleep(100 + random() * 600);
    member?.resume();
  },
};
