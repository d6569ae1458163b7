import { setTimeout as sleep } from 'node:timers/promises';

import { openProxiedStage, type ProxiedStage } from '../stages/proxied-stage.ts';
import type { Fault } from './fault.ts';

export const networkCut: Fault<ProxiedStage> = {
  name: 'network-cut',
  what: 'the network drops all connections, and new ones for a while',
  open: openProxiedStage,
  async strike({ stage: { proxy }, random }) {
    proxy.refuse();
    proxy.cut();
    await sleep(random() * 300);
    proxy.heal();
  },
};
