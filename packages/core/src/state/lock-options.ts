import type { Duration } from '../duration.ts';

/** Configures how a lock is taken. */
export interface LockOptions {
  /** Is how long the lock stays with a holder who does not prolong it, because the process is gone or stopped. Default: "30s". */
  readonly ttl?: Duration;
  /** Is how long to wait for a lock that somebody else holds. Default: not at all. */
  readonly wait?: Duration;
  /** Ends the wait. Default: none. */
  readonly signal?: AbortSignal;
  /**
   * Names the holder to others. A name of your own, which nobody else has at the same time, lets a worker that was started
   * again take over at once what it held before. Default: a new name for each lock.
   */
  readonly owner?: string;
  /** Prolongs the lock until it is released, each time a third of its ttl has passed. Default: true. */
  readonly heartbeat?: boolean;
}
