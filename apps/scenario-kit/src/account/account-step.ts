/**
 * Says how a call was answered: from the cache (`hit`, `stale`), by a load that was already running (`coalesced`), by the
 * API behind the tool (`miss`, `bypass`, `write`, `call`), not at all (`refused` as a loop), or never having reached the
 * cache (`invalid`: no such tool, or no such input).
 */
export type StepAnswer = 'hit' | 'stale' | 'coalesced' | 'miss' | 'bypass' | 'write' | 'call' | 'refused' | 'invalid';

/** Is one call that a model asked for, and what became of it. */
export interface AccountStep {
  /** Numbers the calls in the order they were asked for. */
  readonly step: number;
  readonly session: string;
  readonly toolCallId: string;
  readonly tool: string;
  readonly input: unknown;
  /** Is when it was asked for, in milliseconds since the account was opened. */
  readonly atMs: number;
  readonly answer: StepAnswer;
  /** Says why it was answered like that. */
  readonly why: string;
  /** Is the age of what the cache had, in milliseconds. */
  readonly ageMs?: number;
  /** Is what a hit saved, in milliseconds. */
  readonly savedMs?: number;
  /** Is how long the API behind the tool took, in milliseconds. */
  readonly upstreamMs?: number;
  /** Lists the resources that the call invalidated, as paths with slashes. */
  readonly invalidated?: readonly string[];
  /** Says why the result was not kept. */
  readonly notKept?: string;
  /** Is the message of the error that the call ended with. */
  readonly error?: string;
}
