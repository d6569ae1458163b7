import type { Target } from '../subjects/target.ts';

/** Is a set of servers that a run takes place on. */
export interface Stage {
  readonly target: Target;
  stop(): Promise<void>;
}
