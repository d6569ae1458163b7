import { setTimeout as sleep } from 'node:timers/promises';
import { detachReplica } from '@keepstep/test-servers';

import { openReplicatedStage, type ReplicatedStage } from '../stages/replicated-stage.ts';
import type { Fault } from './fault.ts';

export const failover: Fault<ReplicatedStage> = {
  name: 'failover',
  what: 'a lagging replica takes over from a primary that has died',
  open: openReplicatedStage,
  async strike({ stage, random }) {
    await detachReplica(stage.primary, stage.replica);
    await sleep(100 + random() * 200);
    await stage.primary.kill9();
    await stage.promotePausedReplica();
    await stage.follow();
  },
};
