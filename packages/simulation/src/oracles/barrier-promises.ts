import type { VirtualTime } from '../time/virtual-time.ts';
import type { Loaded } from '../workload/loaded.ts';
import type { FreshnessOracle } from './freshness-oracle.ts';

/** Is how long the barriers of the simulation stand, in milliseconds. */
export const BARRIER_MS = 400;
/** Is what is added to be on the safe side of rounding. */
const SLACK_MS = 5;

/** Is a process as far as its writes go. */
export interface Writer {
  readonly name: string;
  readonly isDead: boolean;
  readonly unacknowledged: number;
  hasBarrier(id: string): boolean;
}

interface Write {
  readonly writer: Writer;
  readonly id: string;
  readonly startedAt: number;
  readonly upheavals: number;
  readonly unacknowledged: number;
  changedAt: number;
  versions: Loaded['versions'];
}

/**
 * Knows what barriers promise: when a writer dies between its change and its invalidation, the barrier's end invalidates in
 * its place. That holds where the barrier was acknowledged, the change came before its deadline, and the store has lost
 * nothing meanwhile.
 */
export class BarrierPromises {
  readonly #time: VirtualTime;
  readonly #freshness: FreshnessOracle;
  readonly #upheavals: () => number;
  readonly #writes = new Set<Write>();
  #kept = 0;

  constructor(time: VirtualTime, freshness: FreshnessOracle, upheavals: () => number) {
    this.#time = time;
    this.#freshness = freshness;
    this.#upheavals = upheavals;
  }

  /** Counts the changes of dead writers that everybody was promised to see. */
  get kept(): number {
    return this.#kept;
  }

  /** Notes that a write begins. */
  begun(writer: Writer, id: string): { changed(versions: Loaded['versions']): void; over(): void } {
    const write: Write = {
      writer,
      id,
      startedAt: this.#time.now,
      upheavals: this.#upheavals(),
      unacknowledged: writer.unacknowledged,
      changedAt: Infinity,
      versions: {},
    };
    this.#writes.add(write);
    return {
      changed: (versions) => {
        write.versions = versions;
        write.changedAt = this.#time.now;
      },
      over: () => void this.#writes.delete(write),
    };
  }

  /** Notes that a process was killed. */
  killed(writer: Writer): void {
    for (const write of this.#writes) {
      if (write.writer !== writer) continue;
      this.#writes.delete(write);
      const isStanding = writer.hasBarrier(write.id) && writer.unacknowledged === write.unacknowledged;
      if (isStanding && write.changedAt < write.startedAt + BARRIER_MS) this.#promise(write);
    }
  }

  #promise({ versions, upheavals }: Write): void {
    this.#time.schedule(BARRIER_MS + SLACK_MS, () => {
      if (this.#upheavals() !== upheavals) return;
      for (const [item, version] of Object.entries(versions)) this.#freshness.promised(item, version);
      this.#kept += 1;
    });
  }
}
