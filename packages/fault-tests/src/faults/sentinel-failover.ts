import { setTimeout as sleep } from 'node:timers/promises';
import { detachReplica, waitUntilFollowing, type ValkeyServer } from '@keepstep/test-servers';

import { openSentinelStage, type SentinelStage } from '../stages/sentinel-stage.ts';
import type { Fault } from './fault.ts';

export const sentinelFailover: Fault<SentinelStage> = {
  name: 'sentinel-failover',
  what: 'Sentinels promote a lagging replica after its primary has died',
  open: openSentinelStage,
  async strike({ stage: { group }, random }) {
    const primary = await group.primary();
    const replica = group.servers.find((server) => server !== primary) as ValkeyServer;
    await detachReplica(primary, replica);
    await sleep(100 + random() * 200);
    await primary.kill9();
    replica.resume();
    await group.waitUntilFailedOver(primary);
    await primary.restart();
    // A Sentinel would tell it the same, ten seconds later.
    await primary.command('REPLICAOF', replica.host, replica.port);
    await waitUntilFollowing(primary);
    await group.waitUntilReady();
  },
};
