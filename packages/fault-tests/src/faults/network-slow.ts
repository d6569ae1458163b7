import { setTimeout as sleep } from 'node:timers/promises';

import { openProxiedStage, type ProxiedStage } from '../stages/proxied-stage.ts';
import type { Fault } from './fault.ts';

export const networkSlow: Fault<ProxiedStage> = {
  name: 'network-slow',
  what: 'the network delays everything',
  open: openProxiedStage,
  async strike({ stage: { proxy } }) {
    proxy.delay({ ms: 5, jitterMs: 60 });
    await sleep(300);
    proxy.heal();
  },
};
