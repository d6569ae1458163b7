import type { LoopFinding } from '../errors.ts';
import type { PollStreak } from './poll-streak.ts';

/** Is what loop detection knows about one call: a tool together with its arguments. */
export class CountedCall {
  readonly tool: string;
  /** Counts how often it was made; identical calls that ran side by side are one. */
  count: number;
  /** Follows its answers, if the tool is a poll. */
  streak: PollStreak | undefined;
  /** Tells whether the call that was counted last is still running. */
  running: boolean = false;
  /** Holds what was found when it began. */
  finding: LoopFinding | undefined = undefined;

  constructor(tool: string, count: number = 0, streak?: PollStreak) {
    this.tool = tool;
    this.count = count;
    this.streak = streak;
  }

  /** Is false: this is the call that counts. */
  get joined(): boolean {
    return false;
  }
}
