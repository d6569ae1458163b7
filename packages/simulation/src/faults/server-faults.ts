import type { Chance } from '../chance.ts';
import type { ServerHost, Snapshot } from '../network/server-host.ts';
import { SortedSet } from '../model/sorted-set.ts';
import type { FaultKind, FaultTarget } from './fault-kind.ts';

function evict(host: ServerHost, isEvicted: (name: string) => boolean): void {
  const { keys } = host.model;
  for (const name of keys.names) if (isEvicted(name)) keys.delete(name);
  host.upheavals += 1;
}

/** Draws one of the states that a server may come back with: mostly an old one, sometimes that of now. */
function drawState({ host, snapshots }: FaultTarget, chance: Chance): Snapshot {
  return chance.happens(0.2) || snapshots.length === 0 ? host.snapshot() : chance.one(snapshots);
}

/** Lets only one state count from now on: what came after it has never been. */
function rewrite({ snapshots }: FaultTarget, state: Snapshot): void {
  snapshots.splice(0, snapshots.length, state);
}

/** Puts the server into a state for as long as the fault lasts. */
function inState(name: string, lastsMs: FaultKind['lastsMs'], state: 'isFull' | 'isReplica' | 'isLoading'): FaultKind {
  return {
    name,
    lastsMs,
    begin({ host }) {
      host.model[state] = true;
      return () => (host.model[state] = false);
    },
  };
}

/** Lists what goes wrong with the server. */
export const serverFaults: readonly FaultKind[] = [
  {
    name: 'server stands still',
    lastsMs: [20, 900],
    begin({ host }) {
      host.isPaused = true;
      return () => host.resume();
    },
  },
  {
    name: 'scripts forgotten',
    lastsMs: [0, 0],
    begin({ host }) {
      host.model.scripts.flush();
      return undefined;
    },
  },
  {
    name: 'clock evicted',
    lastsMs: [0, 0],
    begin({ host }, chance) {
      evict(host, (name) => host.model.keys.get(name) instanceof SortedSet && chance.happens(0.7));
      return undefined;
    },
  },
  {
    name: 'keys evicted',
    lastsMs: [0, 0],
    begin({ host }, chance) {
      evict(host, () => chance.happens(0.3));
      return undefined;
    },
  },
  inState('memory full', [50, 600], 'isFull'),
  inState('read-only', [50, 600], 'isReplica'),
  inState('loading', [50, 400], 'isLoading'),
  {
    name: 'clock of the server jumps',
    lastsMs: [0, 0],
    begin({ host }, chance) {
      host.skewMs += Math.floor(chance.between(-20_000, 20_000));
      host.highestSkewMs = Math.max(host.highestSkewMs, host.skewMs);
      host.upheavals += 1;
      return undefined;
    },
  },
  {
    name: 'restart',
    to: 'alone',
    lastsMs: [5, 300],
    begin(target, chance) {
      const { host } = target;
      const state = drawState(target, chance);
      host.isDown = true;
      host.breakAll();
      return () => {
        host.restart(state);
        rewrite(target, state);
      };
    },
  },
  {
    name: 'failover',
    to: 'replicated',
    lastsMs: [0, 200],
    begin(target, chance) {
      const { host } = target;
      const state = drawState(target, chance);
      host.isDown = true;
      host.breakAll();
      return () => {
        host.failOver(state);
        // The first one may be the primary again before anybody has asked the second one for anything.
        if (chance.happens(0.4)) host.failOver(state);
        rewrite(target, state);
      };
    },
  },
];
