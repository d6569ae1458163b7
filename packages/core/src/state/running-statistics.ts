import { checkArgument } from '../option-checks.ts';
import type { DataStore } from './data-store.ts';

/** Is what is known about numbers that were added one by one; there is at least one. */
export interface RunningStatistics {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Is the variance of the numbers, as those of a whole population. */
  readonly variance: number;
}

/**
 * Adds numbers to the statistics under a key, and returns the statistics with them. None is lost when many are added at
 * once.
 *
 * @throws StateError `version_conflict` when other processes were faster 32 times in a row
 */
export async function addToStatistics(
  data: DataStore,
  key: string,
  ...values: readonly number[]
): Promise<RunningStatistics> {
  checkArgument(values.length > 0, 'values', values, 'at least one number');
  for (const value of values) checkArgument(Number.isFinite(value), 'values', value, 'finite numbers');
  return data.update<RunningStatistics>(key, (before) => {
    const all = values.reduce<RunningStatistics | undefined>(withNumber, before);
    return all as RunningStatistics;
  });
}

/** Goes on as Welford does: a variance from sums of squares loses its digits when the numbers are large and close. */
function withNumber(before: RunningStatistics | undefined, value: number): RunningStatistics {
  if (before === undefined) return { count: 1, sum: value, min: value, max: value, mean: value, variance: 0 };
  const count = before.count + 1;
  const mean = before.mean + (value - before.mean) / count;
  return {
    count,
    sum: before.sum + value,
    min: Math.min(before.min, value),
    max: Math.max(before.max, value),
    mean,
    variance: before.variance + ((value - before.mean) * (value - mean) - before.variance) / count,
  };
}
