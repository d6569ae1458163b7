import type { SetupFocus } from '../episode-setup.ts';

/** Changes one place of a source file: `find` stands there exactly once. */
export interface Patch {
  /** Names the file below `packages/core/src`. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** Is a store that is broken on purpose. A simulation that does not find out proves nothing about the others. */
export interface Sabotage {
  /** Says what is wrong with it. */
  readonly name: string;
  readonly patches: readonly Patch[];
  /** Narrows the simulations to those in which it matters; by default all kinds are tried. */
  readonly focus?: SetupFocus;
}
