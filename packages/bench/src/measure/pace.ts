/** Says how long a measurement takes: long enough to be right, or short enough for a test. */
export interface Pace {
  readonly name: 'full' | 'quick';
  /** Is how often every contender has its turn; an odd number, so that one of them is the median. */
  readonly rounds: number;
  /** Is how long one turn lasts, in milliseconds. */
  readonly turnMs: number;
  /** Is how long each contender runs before the first round, in milliseconds. */
  readonly warmUpMs: number;
  /** Is how many entries the memory tables fill a cache with. */
  readonly memoryEntries: number;
  /** Is how often the memory of each contender is taken. */
  readonly memoryRounds: number;
}

/** Takes its time: what is quoted comes from here. */
export const FULL: Pace = {
  name: 'full',
  rounds: 11,
  turnMs: 40,
  warmUpMs: 200,
  memoryEntries: 100_000,
  memoryRounds: 3,
};

/** Shows that the bench works; its figures are rough. */
export const QUICK: Pace = { name: 'quick', rounds: 7, turnMs: 2, warmUpMs: 20, memoryEntries: 2000, memoryRounds: 1 };
