/** Counts how often in a row a poll gave the same answer. */
export interface PollStreak {
  /** Is the digest of the last answer. */
  readonly answer: string;
  /** Counts the equal answers, the first included. */
  readonly unchanged: number;
  /** Counts those of them at the end of the row that came without a sufficient pause, the first included. */
  readonly hasty: number;
  /** Is the time of the last answer, in milliseconds since the epoch. */
  readonly answeredAt: number;
}

/** Returns the streak that includes one more answer. */
export function continueStreak(
  streak: PollStreak | undefined,
  answer: string,
  answeredAt: number,
  minIntervalMs: number,
): PollStreak {
  if (streak?.answer !== answer) return { answer, unchanged: 1, hasty: 1, answeredAt };
  const hasty = answeredAt - streak.answeredAt < minIntervalMs ? streak.hasty + 1 : 1;
  return { answer, unchanged: streak.unchanged + 1, hasty, answeredAt };
}
