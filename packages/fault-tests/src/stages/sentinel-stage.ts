import { startSentinelGroup, type SentinelGroup } from '@keepstep/test-servers';

import type { Stage } from './stage.ts';

/** Is a primary and its replica, watched by Sentinels. */
export interface SentinelStage extends Stage {
  readonly group: SentinelGroup;
}

/** Starts a primary, its replica and three Sentinels. */
export async function openSentinelStage(): Promise<SentinelStage> {
  const group = await startSentinelGroup({ replicas: 1, sentinels: 3, downAfterMs: 500 });
  return {
    group,
    target: { kind: 'sentinel', name: group.name, sentinels: group.addresses },
    stop: () => group.stop(),
  };
}
