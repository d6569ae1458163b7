import { setTimeout as sleep } from 'node:timers/promises';
import { detachReplica } from '@keepstep/test-servers';

import { openReplicatedStage, type ReplicatedStage } from '../stages/replicated-stage.ts';
import type { Fault } from './fault.ts';

export const failBack: Fault<ReplicatedStage> = {
  name: 'fail-back',
  what: 'a lagging replica takes over and hands back to the same process, unseen by clients',
  open: openReplicatedStage,
  async strike({ stage, random }) {
    await detachReplica(stage.primary, stage.replica);
    await sleep(100 + random() * 200);
    stage.proxy.refuse();
    stage.proxy.cut();
    await stage.promotePausedReplica();
    await stage.follow();
    await stage.swap();
    await stage.follow();
    stage.proxy.heal();
  },
};
