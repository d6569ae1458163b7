import { checkArgument } from '../option-checks.ts';
import { MAX_PERIOD } from './cycle-finder.ts';
import type { PollStreak } from './poll-streak.ts';

/** Is the state of loop detection, ready for `JSON.stringify`: counters and digests, no arguments and no results. */
export interface LoopSnapshot {
  readonly version: 1;
  /** Counts the calls of the session and its children. */
  readonly total: number;
  /** Lists the calls that are kept apart, in the order of use. */
  readonly calls: readonly LoopSnapshotCall[];
  /** Lists the last calls, latest first, by their place in `calls`; -1 stands for one that equals no other. */
  readonly recent: readonly number[];
  /** Lists for each period from 1 the run in which each call equals the call one period before. */
  readonly runs: readonly number[];
}

/** Is the state of one call. */
export interface LoopSnapshotCall {
  /** Is the SHA-256 of the call's identity. */
  readonly digest: string;
  readonly tool: string;
  readonly count: number;
  /** Is the streak of equal answers, if the tool is a poll and has answered. */
  readonly streak?: PollStreak;
}

/**
 * Checks that a value read from outside is a snapshot.
 *
 * @throws InvalidArgumentError for anything else, another version included
 */
export function parseLoopSnapshot(value: unknown): LoopSnapshot {
  const snapshot = Object(value) as LoopSnapshot;
  const { version, total, calls, recent, runs } = snapshot;
  checkArgument(version === 1, 'snapshot.version', version, '1');
  const isWhole =
    isIntegers([total], 1) && isCalls(calls) && isIntegers(recent, MAX_PERIOD) && isIntegers(runs, MAX_PERIOD);
  checkArgument(isWhole, 'snapshot', value, 'what toJSON() returned');
  return snapshot;
}

function isCalls(calls: readonly LoopSnapshotCall[]): boolean {
  return Array.isArray(calls) && calls.every((call) => isIntegers([call?.count], 1));
}

function isIntegers(list: readonly unknown[], length: number): boolean {
  return Array.isArray(list) && list.length === length && list.every(Number.isSafeInteger);
}
