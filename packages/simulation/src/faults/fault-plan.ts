import type { Chance } from '../chance.ts';
import type { VirtualTime } from '../time/virtual-time.ts';
import type { FaultKind, FaultTarget } from './fault-kind.ts';
import { networkFaults } from './network-faults.ts';
import { serverFaults } from './server-faults.ts';

/** Lists everything that can go wrong. */
const faultKinds: readonly FaultKind[] = [...networkFaults, ...serverFaults];

/** Says what goes wrong in one simulation, and how often. */
export interface FaultPlan {
  readonly kinds: readonly FaultKind[];
  /** Is the mean time between two faults, in milliseconds of virtual time. */
  readonly gapMs: number;
}

/**
 * Draws a plan. Each takes only a part of what can go wrong, so that rare combinations get their chance; some simulations
 * go without faults.
 */
export function drawFaultPlan(chance: Chance, isReplicated: boolean): FaultPlan {
  const possible = faultKinds.filter(({ to }) => to === undefined || (to === 'replicated') === isReplicated);
  if (chance.happens(0.12)) return { kinds: [], gapMs: Infinity };
  const share = chance.one([0.1, 0.25, 0.5]);
  const kinds = possible.filter(() => chance.happens(share));
  return { kinds: kinds.length > 0 ? kinds : [chance.one(possible)], gapMs: chance.one([80, 300, 1000]) };
}

/** Returns a plan of faults by their names. */
export function planOf(names: readonly string[]): FaultPlan {
  const kinds = names.map((name) => {
    const kind = faultKinds.find((each) => each.name === name);
    if (kind === undefined) throw new Error(`there is no fault "${name}"`);
    return kind;
  });
  return { kinds, gapMs: 150 };
}

/** Lets a plan happen until it is stopped; faults that still last are ended then. */
export class FaultInjector {
  readonly #plan: FaultPlan;
  readonly #target: FaultTarget;
  readonly #time: VirtualTime;
  readonly #chance: Chance;
  readonly #lasting = new Map<FaultKind, () => void>();
  #isStopped = false;
  #count = 0;

  constructor(plan: FaultPlan, target: FaultTarget, time: VirtualTime, chance: Chance) {
    this.#plan = plan;
    this.#target = target;
    this.#time = time;
    this.#chance = chance;
    if (plan.kinds.length > 0) this.#waitForNext();
  }

  /** Counts the faults so far. */
  get count(): number {
    return this.#count;
  }

  /** Ends what lasts, and begins nothing more. */
  stop(): void {
    this.#isStopped = true;
    for (const kind of this.#lasting.keys()) this.#end(kind);
  }

  #waitForNext(): void {
    const waitMs = -Math.log(1 - this.#chance.draw()) * this.#plan.gapMs;
    this.#time.schedule(waitMs, () => {
      if (this.#isStopped) return;
      this.#begin(this.#chance.one(this.#plan.kinds));
      this.#waitForNext();
    });
  }

  #begin(kind: FaultKind): void {
    if (this.#lasting.has(kind)) return;
    this.#count += 1;
    this.#target.network.trace.note(this.#time.now, `fault: ${kind.name}`);
    const end = kind.begin(this.#target, this.#chance);
    if (end === undefined) return;
    this.#lasting.set(kind, end);
    this.#time.schedule(this.#chance.between(...kind.lastsMs), () => this.#end(kind));
  }

  #end(kind: FaultKind): void {
    const end = this.#lasting.get(kind);
    if (end === undefined) return;
    this.#lasting.delete(kind);
    this.#target.network.trace.note(this.#time.now, `over: ${kind.name}`);
    end();
  }
}
