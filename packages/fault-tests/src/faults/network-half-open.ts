import { setTimeout as sleep } from 'node:timers/promises';

import { openProxiedStage, type ProxiedStage } from '../stages/proxied-stage.ts';
import type { Fault } from './fault.ts';

export const networkHalfOpen: Fault<ProxiedStage> = {
  name: 'network-half-open',
  what: 'the network swallows everything and says nothing',
  open: openProxiedStage,
  async strike({ stage: { proxy }, random }) {
    proxy.halfOpen();
    await sleep(100 + random() * 500);
    proxy.heal();
  },
};
