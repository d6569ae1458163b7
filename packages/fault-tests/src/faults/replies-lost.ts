import { setTimeout as sleep } from 'node:timers/promises';

import { openProxiedStage, type ProxiedStage } from '../stages/proxied-stage.ts';
import type { Fault } from './fault.ts';

export const repliesLost: Fault<ProxiedStage> = {
  name: 'replies-lost',
  what: 'commands run and their replies are lost',
  open: openProxiedStage,
  async strike({ stage: { proxy } }) {
    proxy.loseReplies({ rate: 0.05 });
    await sleep(300);
    proxy.heal();
  },
};
