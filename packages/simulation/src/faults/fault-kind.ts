import type { Chance } from '../chance.ts';
import type { ServerHost, Snapshot } from '../network/server-host.ts';
import type { SimulatedNetwork } from '../network/simulated-network.ts';

/** Is what faults may lay hands on. */
export interface FaultTarget {
  readonly host: ServerHost;
  readonly network: SimulatedNetwork;
  /** Lists the processes that live. */
  readonly processes: () => readonly string[];
  /** Kills a process and starts another one. */
  readonly kill: (process: string) => void;
  /** Holds earlier states of the data, the oldest first. */
  readonly snapshots: Snapshot[];
}

/** Is one way in which things go wrong. */
export interface FaultKind {
  readonly name: string;
  /** Says that it happens only to a server with copies of itself, or only to one without. Default: to both. */
  readonly to?: 'replicated' | 'alone';
  /** Is how long it lasts, in milliseconds of virtual time. */
  readonly lastsMs: readonly [least: number, most: number];
  /** Begins it; what it returns ends it. */
  readonly begin: (target: FaultTarget, chance: Chance) => (() => void) | undefined;
}
