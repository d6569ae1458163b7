import type { ClusterNode } from '@keepstep/test-servers';

import { openClusterStage, type ClusterStage } from '../stages/cluster-stage.ts';
import type { Fault } from './fault.ts';

export const slotMigrated: Fault<ClusterStage> = {
  name: 'slot-migrated',
  what: 'a slot moves to another primary of the cluster',
  open: openClusterStage,
  async strike({ stage, random }) {
    const { primary: from } = await stage.pickPrimary(random);
    const primaries = (await stage.cluster.nodes()).filter(({ role }) => role === 'primary');
    const others = primaries.filter(({ id }) => id !== from.id);
    const to = others[Math.floor(random() * others.length)] as ClusterNode;
    const slot = Number(
      await from.server.command('CLUSTER', 'KEYSLOT', String(await from.server.command('RANDOMKEY'))),
    );
    await to.server.command('CLUSTER', 'SETSLOT', slot, 'IMPORTING', from.id);
    await from.server.command('CLUSTER', 'SETSLOT', slot, 'MIGRATING', to.id);
    await moveKeys(slot, from, to);
    for (const { server } of [to, from, ...primaries]) {
      await server.command('CLUSTER', 'SETSLOT', slot, 'NODE', to.id);
    }
    await stage.cluster.waitUntilHealthy();
  },
};

/** Moves keys until a look finds none left; clients go on writing meanwhile. */
async function moveKeys(slot: number, from: ClusterNode, to: ClusterNode): Promise<void> {
  const { host, port } = to.server;
  for (;;) {
    const keys = (await from.server.command('CLUSTER', 'GETKEYSINSLOT', slot, 10)) as string[];
    if (keys.length === 0) return;
    await from.server.command('MIGRATE', host, port, '', 0, 5_000, 'REPLACE', 'KEYS', ...keys);
  }
}
