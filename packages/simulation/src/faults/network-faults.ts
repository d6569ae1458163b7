import type { Conditions } from '../network/conditions.ts';
import { GOOD } from '../network/conditions.ts';
import type { FaultKind, FaultTarget } from './fault-kind.ts';

/** Changes a condition for a while. */
function worse({ network }: FaultTarget, name: keyof Conditions, value: number): () => void {
  network.conditions[name] = value;
  return () => (network.conditions[name] = GOOD[name]);
}

/** Lists what goes wrong between processes and the server. */
export const networkFaults: readonly FaultKind[] = [
  {
    name: 'slow network',
    lastsMs: [50, 500],
    begin: (target, chance) => worse(target, 'jitterMs', chance.between(5, 120)),
  },
  {
    name: 'lost commands',
    lastsMs: [50, 500],
    begin: (target, chance) => worse(target, 'lostCommands', chance.between(0.005, 0.08)),
  },
  {
    name: 'lost replies',
    lastsMs: [50, 500],
    begin: (target, chance) => worse(target, 'lostReplies', chance.between(0.005, 0.08)),
  },
  {
    name: 'lost messages',
    lastsMs: [100, 800],
    begin: (target, chance) => worse(target, 'lostMessages', chance.one([0.3, 0.8, 1])),
  },
  {
    name: 'pieces',
    lastsMs: [100, 600],
    begin: (target) => worse(target, 'slices', 0.7),
  },
  {
    name: 'broken connections',
    lastsMs: [0, 0],
    begin({ host }, chance) {
      for (const link of host.links) if (chance.happens(0.6)) link.break();
      return undefined;
    },
  },
  {
    name: 'silent connections',
    lastsMs: [0, 0],
    begin({ host }, chance) {
      for (const link of host.links) if (chance.happens(0.4)) link.silence(chance.happens(0.5));
      return undefined;
    },
  },
  {
    name: 'process stands still',
    lastsMs: [20, 900],
    begin({ network, processes }, chance) {
      const process = chance.one(processes());
      network.stall(process);
      return () => network.goOn(process);
    },
  },
  {
    name: 'process killed',
    lastsMs: [0, 0],
    begin({ kill, processes }, chance) {
      kill(chance.one(processes()));
      return undefined;
    },
  },
];
