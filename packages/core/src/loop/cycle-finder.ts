/** Is the longest round that is recognised, in calls. Recorded agent runs hold none longer than 3. */
export const MAX_PERIOD = 8;

/**
 * Follows a sequence of calls and tells when its end goes round in circles.
 *
 * For every period p up to `MAX_PERIOD` it keeps the length of the run in which each call equals the call p before it.
 * That is the Z-array of the reversed sequence (Gusfield 1997), kept up call by call: the work per call is constant and
 * only the last `MAX_PERIOD` calls are held. Floyd's and Brent's cycle search do not apply, because the next call of an
 * agent is not a function of its last.
 */
export class CycleFinder<Call extends object> {
  /** Lists the last calls, latest first. */
  readonly recent: (Call | undefined)[];
  /** Lists for each period from 1 for how many calls now each has equalled the call one period before it. */
  readonly runs: number[];

  /** Starts empty, or where another finder left off. */
  constructor(recent?: (Call | undefined)[], runs?: number[]) {
    this.recent = recent ?? Array<Call | undefined>(MAX_PERIOD).fill(undefined);
    this.runs = runs ?? Array<number>(MAX_PERIOD).fill(0);
  }

  /** Adds the next call; `undefined` stands for one that equals no other. */
  push(call: Call | undefined): void {
    const { recent, runs } = this;
    for (let i = MAX_PERIOD - 1; i >= 0; i--) {
      runs[i] = call !== undefined && recent[i] === call ? (runs[i] as number) + 1 : 0;
      recent[i] = i > 0 ? recent[i - 1] : call;
    }
  }

  /**
   * Returns the shortest round that the sequence ends with at least twice, and the length of its run. One call over and
   * over is a repetition, not a round.
   */
  round(): { calls: Call[]; run: number } | undefined {
    const { recent, runs } = this;
    for (let period = 2; period <= MAX_PERIOD; period++) {
      const run = runs[period - 1] as number;
      // The last n calls are all the same if and only if the run of period 1 is at least n - 1.
      const isOneCall = (runs[0] as number) >= period - 1;
      if (run >= period && !isOneCall) return { calls: recent.slice(0, period).toReversed() as Call[], run };
    }
    return undefined;
  }
}
