import { clockDeleted } from '../faults/clock-deleted.ts';
import { clusterFailover } from '../faults/cluster-failover.ts';
import { failBack } from '../faults/fail-back.ts';
import { failover } from '../faults/failover.ts';
import { faults } from '../faults/faults.ts';
import { none } from '../faults/none.ts';
import { serverRestarted } from '../faults/server-restarted.ts';
import { writerKilled } from '../faults/writer-killed.ts';
import type { Trial } from './trial.ts';

const module = (path: string): string => import.meta.resolve(`../${path}.ts`);

const CONTROLS = {
  stampAfterLoad: module('controls/stamp-after-load'),
  memberSets: module('controls/member-sets'),
  missingCountsAsValid: module('controls/missing-counts-as-valid'),
  clockWithoutFence: module('controls/clock-without-fence'),
  clockWithRunId: module('controls/clock-with-run-id'),
  invalidateAfterOnly: module('controls/invalidate-after-only'),
};

/** Lists Keepstep under every fault. */
export const faultTrials: readonly Trial[] = faults.map((fault) => ({
  fault,
  subject: module('subjects/keepstep'),
  expects: 'fresh',
}));

/** Lists caches that are wrong on purpose, each under a fault that has to show it: without them, nothing found is no proof. */
export const controlTrials: readonly Trial[] = [
  { fault: none, subject: CONTROLS.stampAfterLoad, expects: 'stale' },
  { fault: none, subject: CONTROLS.memberSets, expects: 'stale' },
  { fault: clockDeleted, subject: CONTROLS.missingCountsAsValid, expects: 'stale' },
  { fault: serverRestarted, subject: CONTROLS.clockWithoutFence, expects: 'stale' },
  { fault: failover, subject: CONTROLS.clockWithoutFence, expects: 'stale' },
  { fault: clusterFailover, subject: CONTROLS.clockWithoutFence, expects: 'stale' },
  { fault: failBack, subject: CONTROLS.clockWithRunId, expects: 'stale' },
  { fault: writerKilled, subject: CONTROLS.invalidateAfterOnly, expects: 'stale' },
];
