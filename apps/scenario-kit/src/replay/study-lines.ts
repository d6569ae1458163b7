import { paint } from '../account/paint.ts';
import type { Invalidation } from './retail-policies.ts';
import type { ReplayRow, ReplayStudy } from './replay-study.ts';

const HEADINGS: Readonly<Record<ReplayRow['mode'], string>> = {
  'in turn': 'Calls take turns',
  'in flight': 'Calls overlap: writes happen while loads are under way, and loads while writes are',
};

const MEANINGS: Readonly<Record<Invalidation, string>> = {
  none: 'nothing is invalidated: the control, which has to be caught',
  class: 'a write drops every order, or every user',
  declared: 'a write drops what its arguments name, as a policy in the field would say it',
  entity: 'a write drops exactly what it has changed',
};

/** Writes a study as tables for people. */
export function studyLines({ seed, sessions, calls, rows, isFresh }: ReplayStudy): string[] {
  return [
    `${sessions} recorded sessions, ${calls} calls, one shared database, seed ${seed}.`,
    '',
    ...Object.entries(MEANINGS).map(([invalidation, meaning]) => `  ${invalidation.padEnd(10)} ${meaning}`),
    '',
    '  joined: waited for a load that was under way. %: reads that needed no call of their own, hits and joined.',
    '  not kept: loads whose data changed meanwhile. stale: reads that showed what was no longer true.',
    ...table('in turn', rows, 'reference'),
    ...table('in flight', rows, ''),
    '',
    isFresh
      ? paint('green', 'No cached read was stale, and every control was caught.')
      : paint('red', 'Not as promised: a cached read was stale, or a control was not caught.'),
  ];
}

function table(mode: ReplayRow['mode'], rows: readonly ReplayRow[], lastHeading: string): string[] {
  return [
    '',
    paint('bold', HEADINGS[mode]),
    line(['', 'at once', 'reads', 'hits', 'joined', '%', 'not kept', 'stale'], lastHeading),
    ...rows.filter((row) => row.mode === mode).map(rowLine),
  ];
}

/** Returns the share of reads that no call of the API was needed for. */
export function answeredPercent({ hits, coalesced, reads }: ReplayRow): number {
  return Math.round(((hits + coalesced) / reads) * 1000) / 10;
}

function rowLine(row: ReplayRow): string {
  const { invalidation, concurrency, reads, hits, coalesced, superseded, stale, reference } = row;
  const cells = [concurrency, reads, hits, coalesced, answeredPercent(row).toFixed(1), superseded, stale];
  const percent = (count: number): string => ((count / reads) * 100).toFixed(1);
  const expected =
    reference === undefined ? '' : `${reference.hits} hits, ${percent(reference.hits)} %, ${reference.stale} stale`;
  return line([invalidation, ...cells.map(String)], expected);
}

const WIDTHS = [10, 8, 6, 6, 7, 7, 9, 6];

function line(cells: readonly string[], last: string): string {
  const [first = '', ...others] = cells;
  const padded = others.map((cell, index) => cell.padStart(WIDTHS[index + 1]!));
  return `  ${first.padEnd(WIDTHS[0]!)}${padded.join('')}   ${last}`.trimEnd();
}
