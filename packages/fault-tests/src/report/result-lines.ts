import type { TrialResult } from '../campaign/trial.ts';
import { slowestRecoveryMs } from '../run/run-report.ts';
import { staleLine } from './stale-line.ts';

/** Bounds how many stale reads and problems are told one by one. */
const TOLD = 3;

const COLUMNS = [
  'strikes',
  'reads',
  'loads',
  'hits',
  'joined',
  'inval.',
  'unack.',
  'bypass',
  'stale',
  'recovery',
] as const;
const NAME_WIDTH = 46;
const WIDTH = 9;

/** Heads the table of results. */
export const tableHead = ' '.repeat(NAME_WIDTH) + COLUMNS.map((name) => name.padStart(WIDTH)).join('');

/** Formats a result as a row, and below it what is wrong. */
export function resultLines(result: TrialResult): string[] {
  const { counts, expects, isPassed, staleReads, problems, seed } = result;
  const name = `${isPassed ? '✓' : '✗'} ${result.fault}${expects === 'stale' ? ` catches ${result.subject}` : ''}`;
  const cells = [
    result.strikes.length,
    counts.reads,
    counts.loads,
    counts.hits,
    counts.coalesced,
    counts.invalidations,
    counts.unacknowledged,
    counts.bypassed,
    staleReads.length,
    `${Math.round(slowestRecoveryMs(result))} ms`,
  ];
  const row = name.padEnd(NAME_WIDTH) + cells.map((cell) => String(cell).padStart(WIDTH)).join('');
  if (isPassed) return [row];
  const stale = expects === 'fresh' ? staleReads.slice(0, TOLD).map((read) => staleLine(read, result)) : [];
  const missed = expects === 'stale' ? ['a cache that is wrong on purpose was not caught'] : [];
  return [row, ...[...missed, ...stale, ...problems.slice(0, TOLD), `seed ${seed}`].map((line) => `    ${line}`)];
}
