import type { MaybePromise } from '../maybe-promise.ts';

/**
 * Holds the locks of one namespace.
 *
 * The contract in one paragraph. A lock is held by one token until it is released or its time is over by the store's
 * clock. Each time it goes to a new token its fence is higher than all before, for ever: the fence is the larger one of the
 * last fence plus one and the store's time in microseconds, so it does not go back even when the last fence was lost. A
 * lease bounds how long a dead holder blocks the others; it cannot keep a holder that was stopped from believing that it
 * still holds. The fence can: whoever writes passes it along, and a lower one is refused.
 *
 * All methods may be repeated: the token stands for the operation. A token that was released, whether it held the lock or not,
 * is not given it for a minute at least: a request that arrives when its caller has given up takes nothing.
 */
export interface LockStore {
  /**
   * Takes the lock if it is free, or held by the same owner under another token: a worker that was started again takes over
   * what it held before. Held by the same token, it is renewed and keeps its fence.
   */
  acquire(request: LockRequest): MaybePromise<LockResult>;

  /** Gives the lock a new lease, and tells whether the token still holds it. */
  extend(name: string, token: string, ttlMs: number): MaybePromise<boolean>;

  /** Frees the lock if the token holds it, and tells whether it did; for a minute at least, a release that is repeated answers the same. */
  release(name: string, token: string): MaybePromise<boolean>;

  /** Tells who holds the lock, without changing anything. */
  inspect(name: string): MaybePromise<LockHolder | undefined>;

  /**
   * Resolves when the lock may be free, or when the signal is aborted; a store that cannot be told resolves now and then.
   * Never rejects because of the signal.
   */
  wait(name: string, signal: AbortSignal): Promise<void>;
}

/** Asks for a lock. */
export interface LockRequest {
  readonly name: string;
  /** Names who wants it; nobody else has the name at the same time. */
  readonly owner: string;
  /** Is one attempt of one holder; never used again. */
  readonly token: string;
  readonly ttlMs: number;
}

/** Is the answer to a request for a lock. */
export type LockResult =
  | { readonly kind: 'acquired'; readonly fence: number }
  | { readonly kind: 'held'; readonly owner: string; readonly remainingMs: number }
  /** Says that the token was released before. */
  | { readonly kind: 'released' };

/** Is who holds a lock, and for how long. */
export interface LockHolder {
  readonly owner: string;
  readonly fence: number;
  readonly remainingMs: number;
}
