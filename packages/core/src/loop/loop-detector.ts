import type { Clock } from '../clock.ts';
import { systemClock } from '../clock.ts';
import type { LoopFinding } from '../errors.ts';
import { CallTable, digest } from './call-table.ts';
import { CountedCall } from './counted-call.ts';
import { CycleFinder } from './cycle-finder.ts';
import type { PollOptions, ResolvedLoopOptions, ResolvedToolLoopOptions } from './loop-policy.ts';
import { parseLoopSnapshot } from './loop-snapshot.ts';
import type { LoopSnapshot, LoopSnapshotCall } from './loop-snapshot.ts';
import { loopFinding } from './loop-verdict.ts';
import { continueStreak } from './poll-streak.ts';

/** Is the part of the session's options that decides what is a loop. */
export type LoopLimits = Pick<ResolvedLoopOptions, 'maxToolRepeats' | 'maxExecutionDepth'>;

/** Places a detector: under which other, and in whose time. */
export interface LoopDetectorContext {
  /** Is the detector of the parent session; its number of calls includes those of its children. */
  readonly parent?: LoopDetector | undefined;
  /** Tells the pace of polls. Default: the parent's clock, or that of the machine. */
  readonly clock?: Clock | undefined;
}

/** Is one call between `begin` and `end`. The next identical call may be told by the same object. */
export interface LoopCall {
  /** Says what loop the call would close. */
  readonly finding: LoopFinding | undefined;
  /** Tells that an identical call was running, so that this one did not count and has that one's finding. */
  readonly joined: boolean;
}

/**
 * Looks for loops in the calls of one session.
 *
 * `begin` before each call counts it and reports a loop that it would close; it refuses nothing itself. The rules, first
 * hit wins:
 *
 * 1. `depth`: the session, or one above it, has made more than `maxExecutionDepth` calls, those of children included.
 * 2. `repeats`: the same call was made more than `maxToolRepeats` times; or a poll gave the same answer `maxUnchanged`
 *    times in a row, or `maxToolRepeats` times without its pause.
 * 3. `cycle`: a round of 2 to 8 calls, not all the same, comes to its end for the second time or more often.
 *
 * Identical calls side by side are one: a call that begins while an identical one is running does not count. A finding
 * does not change the counters: the call stays refused until `reset`, and a cycle until another call is made.
 *
 * Memory is bounded by `MAX_CALLS` different calls, and a call that is known and not found in a loop allocates nothing.
 */
export class LoopDetector {
  readonly #limits: LoopLimits;
  readonly #parent: LoopDetector | undefined;
  readonly #clock: Clock;
  #calls = new CallTable();
  #sequence = new CycleFinder<CountedCall>();
  #total = 0;

  constructor(limits: LoopLimits, context: LoopDetectorContext = {}) {
    this.#limits = limits;
    this.#parent = context.parent;
    this.#clock = context.clock ?? (context.parent === undefined ? systemClock : context.parent.#clock);
  }

  /**
   * Continues where another detector was when `toJSON` was called: all later verdicts are the same, except that no call
   * is running.
   *
   * @throws InvalidArgumentError for a value that `toJSON` did not return
   */
  static fromJSON(json: unknown, limits: LoopLimits, context?: LoopDetectorContext): LoopDetector {
    const snapshot = parseLoopSnapshot(json);
    const detector = new LoopDetector(limits, context);
    const calls = snapshot.calls.map((row) => [row.digest, new CountedCall(row.tool, row.count, row.streak)] as const);
    detector.#calls = new CallTable(calls);
    const recent = snapshot.recent.map((place) => calls[place]?.[1]);
    detector.#sequence = new CycleFinder(recent, [...snapshot.runs]);
    detector.#total = snapshot.total;
    return detector;
  }

  /**
   * Counts a call that is about to run and reports the loop it would close. Hand the returned object to `end`, whether
   * the call then runs or not.
   *
   * @param identity identifies tool and arguments; `undefined` when the arguments cannot be identified: the call is then
   *   like no other, and only the number of calls counts
   */
  begin(tool: string, identity: string | undefined, policy?: ResolvedToolLoopOptions): LoopCall {
    if (identity === undefined) return { finding: this.#count(tool, undefined, policy), joined: false };
    const call = this.#calls.use(identity, tool);
    if (call.running) return { finding: call.finding, joined: true };
    call.running = true;
    call.finding = this.#count(tool, call, policy);
    return call;
  }

  /**
   * Notes that a call is over: answered, failed or refused.
   *
   * @param answer is a text by which two answers of a poll are compared, a failure's included; other tools need none, and
   *   without one the streak of the poll stays as it is
   */
  end(call: LoopCall, answer?: string, policy?: ResolvedToolLoopOptions): void {
    if (!(call instanceof CountedCall)) return;
    call.running = false;
    if (answer === undefined || policy?.poll === undefined) return;
    call.streak = continueStreak(call.streak, digest(answer), this.#clock.now(), policy.poll.minIntervalMs);
  }

  /** Forgets all counters of this session; those of its parent and children stay. */
  reset(): void {
    this.#calls = new CallTable();
    this.#sequence = new CycleFinder();
    this.#total = 0;
  }

  /** Returns the state to keep across a restart. Calls that are running count as made. */
  toJSON(): LoopSnapshot {
    const places = new Map<CountedCall | undefined, number>();
    const calls: LoopSnapshotCall[] = [];
    for (const [key, call] of this.#calls.digests()) {
      const { tool, count, streak } = call;
      places.set(call, calls.push({ digest: key, tool, count, ...(streak && { streak }) }) - 1);
    }
    const { recent, runs } = this.#sequence;
    return {
      version: 1,
      total: this.#total,
      calls,
      recent: recent.map((call) => places.get(call) ?? -1),
      runs: [...runs],
    };
  }

  #count(
    tool: string,
    call: CountedCall | undefined,
    policy: ResolvedToolLoopOptions | undefined,
  ): LoopFinding | undefined {
    const { maxToolRepeats } = this.#limits;
    const exhausted = this.#countTotal();
    if (!policy?.exempt && policy?.poll === undefined) this.#sequence.push(call);
    if (call !== undefined) call.count += 1;

    if (exhausted !== undefined)
      return loopFinding('depth', [tool], 1, exhausted.#total, exhausted.#limits.maxExecutionDepth);
    if (call === undefined || policy?.exempt) return undefined;
    if (policy?.poll !== undefined) return this.#checkPoll(call, policy.poll);
    return call.count > maxToolRepeats ? repeated(call, call.count, maxToolRepeats) : this.#checkCycle();
  }

  /** Counts the call here and in all ancestors, and returns the first of them that has had too many. */
  #countTotal(): LoopDetector | undefined {
    this.#total += 1;
    const above = this.#parent === undefined ? undefined : this.#parent.#countTotal();
    return this.#total > this.#limits.maxExecutionDepth ? this : above;
  }

  #checkPoll(call: CountedCall, { maxUnchanged, minIntervalMs }: Required<PollOptions>): LoopFinding | undefined {
    const { maxToolRepeats } = this.#limits;
    const { streak, tool } = call;
    if (!streak) return undefined;
    const taboo = `call ${tool} again so soon`;
    if (streak.unchanged >= maxUnchanged) return repeated(call, streak.unchanged + 1, maxUnchanged, taboo);
    const isHasty = this.#clock.now() - streak.answeredAt < minIntervalMs;
    return isHasty && streak.hasty >= maxToolRepeats
      ? repeated(call, streak.hasty + 1, maxToolRepeats, taboo)
      : undefined;
  }

  #checkCycle(): LoopFinding | undefined {
    const round = this.#sequence.round();
    if (round === undefined) return undefined;
    const { calls, run } = round;
    const period = calls.length;
    const path = calls.map((call) => call.tool);
    return loopFinding('cycle', path, Math.floor(run / period) + 1, run + period, 2 * period - 1);
  }
}

function repeated({ tool }: CountedCall, count: number, limit: number, taboo?: string): LoopFinding {
  return loopFinding('repeats', [tool], count, count, limit, taboo);
}
