import { sweep } from './garbage.ts';
import type { Pace } from './pace.ts';

/** Is one of those that are measured side by side. */
export interface Racer {
  readonly name: string;
  /** Does its work `turns` times and returns the nanoseconds it took. */
  run(turns: number): Promise<number>;
  /** Is how many operations one turn consists of. Default: 1. */
  readonly operationsPerTurn?: number;
  /** Makes room before each of its turns, untimed. */
  readonly reset?: (() => Promise<void> | void) | undefined;
}

/**
 * Measures racers side by side: each has one turn in every round, and every round begins with another one.
 *
 * On a machine that is busy with other things too, a slow moment so hits all of them, and the ratio of two figures of one
 * round means more than either figure.
 *
 * @returns for each racer the nanoseconds per operation, round by round
 */
export async function race(racers: readonly Racer[], pace: Pace): Promise<number[][]> {
  const turns: number[] = [];
  for (const racer of racers) turns.push(await warmUp(racer, pace));
  const laps = racers.map((): number[] => []);
  for (let round = 0; round < pace.rounds; round += 1) {
    for (let place = 0; place < racers.length; place += 1) {
      const index = (round + place) % racers.length;
      const racer = racers[index] as Racer;
      const count = turns[index] as number;
      await racer.reset?.();
      sweep();
      const elapsed = await racer.run(count);
      (laps[index] as number[]).push(elapsed / count / (racer.operationsPerTurn ?? 1));
    }
  }
  return laps;
}

/** Runs a racer until it is compiled, and returns how many turns fill its time. */
async function warmUp(racer: Racer, { warmUpMs, turnMs }: Pace): Promise<number> {
  let spent = 0;
  let turns = 1;
  for (;;) {
    await racer.reset?.();
    const elapsed = await racer.run(turns);
    spent += elapsed / 1e6;
    const fitting = Math.ceil((turns * turnMs * 1e6) / Math.max(elapsed, 1));
    if (spent >= warmUpMs) return Math.max(1, Math.min(fitting, MAX_TURNS));
    // Never far more at once than is known to fit: the first runs are slow, and later ones are not.
    turns = Math.max(1, Math.min(turns * 2, fitting));
  }
}

/** Bounds one turn where the clock has told nothing. */
const MAX_TURNS = 50_000_000;
