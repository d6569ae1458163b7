import type { Duration } from '../duration.ts';
import type { RunStatus } from '../store/run-store.ts';
import type { PageOptions } from './data-options.ts';

/** Configures a run. */
export interface RunOptions {
  /** Is how long the run stays after its last change. Default: "24h". */
  readonly ttl?: Duration;
  /** Is how long the run stays with a worker that is gone or stopped. Default: "30s". */
  readonly lease?: Duration;
  /** Is how long to wait for a run that another worker holds. Default: not at all. */
  readonly wait?: Duration;
  /**
   * Names the worker. A name of your own, which no other worker has at the same time, lets one that was started again go on
   * at once with the runs that it held before. Default: a new name.
   */
  readonly owner?: string;
  /** Ends the wait for the run. Default: none. */
  readonly signal?: AbortSignal;
  /** Is how many events the log of the run keeps, the newest ones. Default: 10 000. */
  readonly maxEvents?: number;
}

/** Configures a step. */
export interface StepOptions {
  /**
   * Tells steps of one name apart, such as the id of what the step works on. Steps that run at once need one unless they
   * always start in the same order. Default: the number of the step among those of its name.
   */
  readonly key?: string;
}

/** Asks for runs. */
export interface RunListOptions extends PageOptions {
  /** Is the status that they have. Default: any. */
  readonly status?: RunStatus;
}
