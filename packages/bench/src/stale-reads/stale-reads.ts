import { Crew, faults, runFault, type Fault, type RunReport } from '@keepstep/fault-tests';
import { startValkey } from '@keepstep/test-servers';

import type { Pace } from '../measure/pace.ts';
import { spreadOf } from '../measure/spread.ts';
import { describeEnvironment } from '../report/environment.ts';
import type { Report, Verdict } from '../report/report.ts';
import type { Row, Table } from '../report/table.ts';
import { entrants, type StaleReadsEntrant } from './entrants.ts';

const PACKAGES = ['@keepstep/core', 'async-cache-dedupe', 'bentocache', 'ioredis'];
const WORKERS = 3;
const LENGTH = { full: { rounds: 3, seconds: 6 }, quick: { rounds: 1, seconds: 1 } } as const;
const PER_MILLION = 1_000_000;

/** Counts the reads that are older than an invalidation promised, over three processes and a server that nothing happens to. */
export async function staleReads(pace: Pace, onTable: (table: Table) => void): Promise<Report> {
  const { rounds, seconds } = LENGTH[pace.name];
  const environment = describeEnvironment(PACKAGES);
  const fault = faults.find(({ name }) => name === 'none') as Fault;
  const reports = new Map<StaleReadsEntrant, RunReport[]>(entrants.map((entrant) => [entrant, []]));
  await using source = await startValkey({ tcp: false });
  await using crew = new Crew(WORKERS);
  for (let round = 1; round <= rounds; round += 1) {
    for (const [{ module }, own] of reports) {
      own.push(await runFault({ fault, subject: module, crew, source, seconds, seed: round }));
    }
  }
  const table: Table = {
    id: 'stale-reads',
    title: 'Stale reads per million: 3 processes, 24 readers and 3 writers on 18 items, some loads are slow',
    note: 'A read is stale when it starts after an invalidation has resolved, and returns what was there before.',
    unit: 'ppm',
    rows: [...reports].map(([entrant, own]) => rowOf(entrant, own)),
  };
  onTable(table);
  return { bench: 'stale-reads', pace: pace.name, environment, tables: [table], verdicts: [nothingStale(reports)] };
}

function rowOf({ contender, package: name }: StaleReadsEntrant, reports: readonly RunReport[]): Row {
  const rounds = reports.map(({ staleReads: stale, counts }) => (stale.length * PER_MILLION) / counts.reads);
  const sum = (of: (report: RunReport) => number): number => reports.reduce((total, report) => total + of(report), 0);
  const [stale, reads] = [sum(({ staleReads: each }) => each.length), sum(({ counts }) => counts.reads)];
  const lateBy = reports.flatMap(({ staleReads: each }) => each.map((read) => read.startedAt - read.promisedAt));
  const worst = lateBy.length === 0 ? '' : `, up to ${Math.max(...lateBy).toFixed(0)} ms late`;
  const note = `${stale} of ${reads} reads, ${sum(({ counts }) => counts.loads)} loads${worst}`;
  return { contender, package: name, figure: spreadOf(rounds), ratio: null, rounds, note };
}

function nothingStale(reports: ReadonlyMap<StaleReadsEntrant, readonly RunReport[]>): Verdict {
  const [own = []] = [...reports.values()];
  const value = own.reduce((total, { staleReads: stale }) => total + stale.length, 0);
  const reads = own.reduce((total, { counts }) => total + counts.reads, 0);
  return {
    id: 'nothing-stale',
    sentence: `Keepstep: ${value} stale of ${reads} reads`,
    value,
    target: '0',
    met: value === 0 && reads > 0,
  };
}
