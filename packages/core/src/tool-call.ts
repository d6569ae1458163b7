import type { Session } from './session.ts';

/** Is one call of a tool, as the model or the program asked for it. */
export interface ToolCall {
  /** Names the tool; part of the cache key. */
  readonly toolName: string;
  /** Holds the arguments in order. A framework that passes one input object gives an array of one. */
  readonly args: readonly unknown[];
  /** Is the id that the model gave to the call; only reported, never part of the key. */
  readonly toolCallId?: string | undefined;
  /** Names the session explicitly; otherwise the one that is active around the call counts. */
  readonly session?: Session | undefined;
  /** Lets this caller stop waiting. Others who wait for the same result are unharmed. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Asks for the tool itself: `bypass` runs it and stores nothing, `refresh` runs it although a result is there, unless it
   * is running already, and stores the new one. For reads only. Default: neither.
   */
  readonly cacheControl?: CacheControl | undefined;
  /**
   * Says that the call was made before, perhaps in another process, and is only to count for loops: nothing is looked up,
   * run, refused or told. What the function that runs the tool returns is taken for the answer that the call had; `undefined`
   * for one that is not known. Default: false.
   */
  readonly past?: boolean | undefined;
}

/** Is how one call asks for the tool itself. */
export type CacheControl = 'bypass' | 'refresh';

/**
 * Says how a call was answered.
 *
 * - `hit`: from the cache.
 * - `stale`: from the cache past its ttl, by `staleWhileRevalidate` or `staleIfError`; never an invalidated value.
 * - `coalesced`: by joining a load that was already running.
 * - `miss`: by running the tool; the result was offered to the cache.
 * - `bypass`: by running the tool past the cache.
 * - `executed`: by running a tool that is not a read.
 * - `short-circuit`: not at all; the session's loop policy stopped the call without an error.
 */
export type CallStatus = 'hit' | 'stale' | 'coalesced' | 'miss' | 'bypass' | 'executed' | 'short-circuit';

/** Is the answer to a call, and how it came about. */
export interface ToolOutcome<Result = unknown> {
  readonly status: CallStatus;
  /** Is the tool's result; `null` where a call was short-circuited and nothing valid was cached. */
  readonly value: Result;
}

/** Is handed to the function that runs the tool. */
export interface Execution {
  /** Fires when nobody waits for the result any more. */
  readonly signal: AbortSignal;
}
