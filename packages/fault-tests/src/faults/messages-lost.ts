import { setTimeout as sleep } from 'node:timers/promises';

import { openProxiedStage, type ProxiedStage } from '../stages/proxied-stage.ts';
import type { Fault } from './fault.ts';

export const messagesLost: Fault<ProxiedStage> = {
  name: 'messages-lost',
  what: 'the network drops the connections of subscribers, and then their messages',
  open: openProxiedStage,
  async strike({ stage: { proxy } }) {
    proxy.cutSubscribers();
    await sleep(100);
    proxy.muteSubscribers();
    await sleep(300);
    proxy.heal();
  },
};
