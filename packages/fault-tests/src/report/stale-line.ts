import type { WorkerStaleRead } from '../run/history-log.ts';
import type { RunReport } from '../run/run-report.ts';

/** Tells the story of one stale read in a line; times are in milliseconds since the start of the run. */
export function staleLine(read: WorkerStaleRead, { strikes }: RunReport): string {
  const { resource, version, promised, startedAt, promisedAt, worker } = read;
  const index = strikes.findLastIndex(({ from }) => from <= startedAt);
  const strike = strikes[index];
  return [
    `${at(promisedAt)}  ${resource} was promised as version ${promised} or later`,
    `${at(startedAt)}  worker ${worker} began to read it, and got version ${version}`,
    strike === undefined
      ? 'before the first strike was over'
      : `after strike ${index + 1}, ${at(strike.from)} to ${at(strike.until)}`,
  ].join('; ');
}

function at(ms: number): string {
  return `${ms.toFixed(1)} ms`;
}
