import type { Fault } from './fault.ts';
import { clientKill } from './client-kill.ts';
import { clientPause } from './client-pause.ts';
import { clientStopped } from './client-stopped.ts';
import { clockDeleted } from './clock-deleted.ts';
import { clusterFailover } from './cluster-failover.ts';
import { failBack } from './fail-back.ts';
import { failover } from './failover.ts';
import { flushAll } from './flush-all.ts';
import { memoryEvicts } from './memory-evicts.ts';
import { memoryFull } from './memory-full.ts';
import { messagesLost } from './messages-lost.ts';
import { networkCut } from './network-cut.ts';
import { networkHalfOpen } from './network-half-open.ts';
import { networkSlow } from './network-slow.ts';
import { none } from './none.ts';
import { repliesLost } from './replies-lost.ts';
import { scriptFlush } from './script-flush.ts';
import { sentinelFailover } from './sentinel-failover.ts';
import { serverRestarted } from './server-restarted.ts';
import { serverStopped } from './server-stopped.ts';
import { slotMigrated } from './slot-migrated.ts';
import { subscribersKilled } from './subscribers-killed.ts';
import { writerKilled } from './writer-killed.ts';

/** Lists all faults, those that need more servers last. */
export const faults: readonly Fault[] = [
  none,
  clockDeleted,
  clientPause,
  clientKill,
  subscribersKilled,
  scriptFlush,
  flushAll,
  memoryFull,
  memoryEvicts,
  serverRestarted,
  serverStopped,
  clientStopped,
  writerKilled,
  networkSlow,
  networkCut,
  networkHalfOpen,
  messagesLost,
  repliesLost,
  failover,
  failBack,
  sentinelFailover,
  clusterFailover,
  slotMigrated,
];
