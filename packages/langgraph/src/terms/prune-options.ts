import { InvalidOptionError, parseDuration, type Clock, type Duration, type PruneRequest } from '@keepstep/core';

/** Says which checkpoints are deleted. One of `keepLast` and `olderThan` has to be there. */
export interface PruneOptions {
  /** Names the thread. Default: all threads, one after the other. */
  readonly threadId?: string;
  /** Is how many of the newest checkpoints stay in each namespace of a thread, at least 1. Default: 1. */
  readonly keepLast?: number;
  /** Lets only those go that are older. Default: they go whatever their age. */
  readonly olderThan?: Duration;
}

/** @throws InvalidOptionError for an option that is not allowed, or too few of them */
export function pruneRequest(options: PruneOptions, clock: Clock): PruneRequest {
  for (const [name, value] of Object.entries(options)) {
    if (!KNOWN.includes(name)) throw new InvalidOptionError(name, value, KNOWN.join(', '));
  }
  const { keepLast = 1, olderThan } = options;
  if (options.keepLast === undefined && olderThan === undefined) {
    throw new InvalidOptionError('keepLast', undefined, 'a whole number of at least 1, or olderThan beside it');
  }
  if (!Number.isInteger(keepLast) || keepLast < 1) {
    throw new InvalidOptionError('keepLast', keepLast, 'a whole number of at least 1');
  }
  return olderThan === undefined
    ? { keepLast }
    : { keepLast, olderThan: clock.now() - parseDuration(olderThan, 'olderThan') };
}

const KNOWN = ['threadId', 'keepLast', 'olderThan'];
