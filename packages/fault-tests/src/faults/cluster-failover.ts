import { setTimeout as sleep } from 'node:timers/promises';
import { detachReplica, waitUntil, waitUntilFollowing } from '@keepstep/test-servers';

import { openClusterStage, type ClusterStage } from '../stages/cluster-stage.ts';
import type { Fault } from './fault.ts';

export const clusterFailover: Fault<ClusterStage> = {
  name: 'cluster-failover',
  what: 'a primary of the cluster dies while its replica lags',
  open: openClusterStage,
  async strike({ stage, random }) {
    const { primary, replica } = await stage.pickPrimary(random);
    await detachReplica(primary.server, replica.server);
    // Shorter than the node timeout: a replica that counts as failed does not take over.
    await sleep(100 + random() * 200);
    await primary.server.kill9();
    replica.server.resume();
    await waitUntil('the replica has taken over', async () => {
      const nodes = await stage.cluster.nodes(replica.server);
      return nodes.find(({ id }) => id === replica.id)?.role === 'primary';
    });
    await stage.cluster.waitUntilHealthy();
    await primary.server.restart();
    await waitUntilFollowing(primary.server);
    await stage.cluster.waitUntilHealthy();
  },
};
