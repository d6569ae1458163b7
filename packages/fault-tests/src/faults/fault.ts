import type { Crew } from '../run/crew.ts';
import type { Stage } from '../stages/stage.ts';

/** Is what a fault works with. */
interface Scene<S extends Stage> {
  readonly stage: S;
  readonly crew: Crew;
  /** Matches the keys in which the cache on trial keeps what was invalidated. */
  readonly clockKeys: string;
  readonly random: () => number;
}

/** Is one way in which things break. */
export interface Fault<S extends Stage = Stage> {
  readonly name: string;
  /** Says what happens, in a few words. */
  readonly what: string;
  /** Is the share of writes in which the writing process kills itself; only the last worker writes then. Default: 0. */
  readonly deathRate?: number;
  open(random: () => number): Promise<S>;
  /** Breaks something, and mends it: when this resolves, the cache is expected to work again before long. */
  strike(scene: Scene<S>): Promise<void>;
}
