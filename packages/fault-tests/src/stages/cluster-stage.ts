import { startCluster, type ClusterNode, type ValkeyCluster } from '@keepstep/test-servers';

import type { Stage } from './stage.ts';

/** Is a cluster of three primaries and three replicas. */
export class ClusterStage implements Stage {
  readonly cluster: ValkeyCluster;
  readonly target: Stage['target'];

  constructor(cluster: ValkeyCluster) {
    this.cluster = cluster;
    this.target = { kind: 'cluster', nodes: cluster.servers.map(({ host, port }) => ({ host, port })) };
  }

  /** Picks a primary that holds data and has a replica. */
  async pickPrimary(random: () => number): Promise<{ primary: ClusterNode; replica: ClusterNode }> {
    const nodes = await this.cluster.nodes();
    const primaries = nodes.filter(({ role, hasFailed }) => role === 'primary' && !hasFailed);
    const sizes = await Promise.all(primaries.map(({ server }) => server.command('DBSIZE')));
    const candidates = primaries.flatMap((primary, index) => {
      const replica = nodes.find(({ primaryId, hasFailed }) => primaryId === primary.id && !hasFailed);
      return Number(sizes[index]) > 0 && replica !== undefined ? [{ primary, replica }] : [];
    });
    const picked = candidates[Math.floor(random() * candidates.length)];
    if (picked === undefined) throw new Error('No primary of the cluster holds data and has a replica.');
    return picked;
  }

  stop(): Promise<void> {
    return this.cluster.stop();
  }
}

/** Starts the cluster. */
export async function openClusterStage(): Promise<ClusterStage> {
  return new ClusterStage(await startCluster({ nodeTimeoutMs: 800, config: { 'cluster-replica-validity-factor': 0 } }));
}
