import { seededRandom } from '@keepstep/core/testing';
import { waitUntil, type ValkeyServer } from '@keepstep/test-servers';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Fault } from '../faults/fault.ts';
import type { Stage } from '../stages/stage.ts';
import type { SubjectModule } from '../subjects/subject.ts';
import type { WorkPlan } from '../worker/messages.ts';
import type { Crew } from './crew.ts';
import { HistoryLog } from './history-log.ts';
import { idleProblems } from './idle-check.ts';
import type { RunReport, Strike } from './run-report.ts';

/** Says how one run goes. */
export interface RunOptions {
  readonly fault: Fault;
  /** Leads to the module of the cache on trial. */
  readonly subject: string;
  readonly crew: Crew;
  /** Holds the data; nothing ever happens to it. */
  readonly source: ValkeyServer;
  /** Is how long it goes on at least; a fault that is slow to strike twice takes longer. */
  readonly seconds: number;
  readonly seed: number;
  /** Is how many reads a reader makes between two pauses. Default: 1. */
  readonly burst?: number;
}

const READERS = 8;
/** Is the time for which every second worker may see an older version; the others are strict. */
const MAX_STALENESS_MS = 300;
const BARRIER_MS = 500;
const LEAST_STRIKES = 2;
/** Is how many more hits make a recovery, and how long they may take. */
const RECOVERY_HITS = 40;
const RECOVERY_MS = 20_000;

/** Puts one cache under one fault, over and over, and checks every read. */
export async function runFault(options: RunOptions): Promise<RunReport> {
  const { fault, crew, seconds, seed } = options;
  const { subject } = (await import(options.subject)) as { readonly subject: SubjectModule };
  const random = seededRandom(seed);
  const history = new HistoryLog();
  const origin = process.hrtime.bigint();
  const now = (): number => Number(process.hrtime.bigint() - origin) / 1e6;
  const strikes: Strike[] = [];
  const problems: string[] = [];
  const stage = await fault.open(random);

  /** Resolves when what was done is over and readers find results in the cache again. */
  async function recover(after: string): Promise<void> {
    await crew.flush();
    const before = crew.totals.sum().hits;
    await waitUntil(
      `hits came back after ${after}`,
      () => crew.totals.sum().hits >= before + RECOVERY_HITS,
      RECOVERY_MS,
    );
  }

  async function strikeUntilDone(): Promise<void> {
    await recover('the start');
    const startedAt = now();
    while (strikes.length < LEAST_STRIKES || now() - startedAt < seconds * 1_000) {
      const from = now();
      await fault.strike({ stage, crew, clockKeys: subject.clockKeys, random });
      const until = now();
      await recover(`strike ${strikes.length + 1}`);
      strikes.push({ from, until, recoveredAt: now() });
      await sleep(random() * 50);
    }
  }

  let workedSeconds = 0;
  try {
    await crew.begin(plansFor(options, stage, origin), history);
    const begunAt = now();
    try {
      await strikeUntilDone();
    } finally {
      await crew.flush();
      workedSeconds = (now() - begunAt) / 1_000;
      await crew.end();
    }
  } catch (error) {
    problems.push((error as Error).message);
  } finally {
    await stage.stop();
  }
  const counts = crew.totals.sum();
  if (counts.failures > 0) problems.push(`${counts.failures} reads have failed: a cache must not stand in the way`);
  problems.push(...crew.problems, ...idleProblems(counts, workedSeconds));
  return {
    fault: fault.name,
    subject: subject.name,
    seed,
    seconds: workedSeconds,
    counts,
    strikes,
    deaths: crew.deaths,
    staleReads: history.staleReads(),
    problems,
  };
}

function plansFor(
  { fault, subject, crew, source, seed, burst = 1 }: RunOptions,
  stage: Stage,
  origin: bigint,
): WorkPlan[] {
  const { deathRate = 0 } = fault;
  const last = crew.members.length - 1;
  return crew.members.map((_, index) => ({
    subject,
    target: stage.target,
    sourceSocket: source.socketPath,
    origin,
    readers: READERS,
    // Where writers die, nobody else may make up for what they have left undone.
    writers: deathRate === 0 || index === last ? 1 : 0,
    burst,
    maxStalenessMs: index % 2 === 0 ? 0 : MAX_STALENESS_MS,
    barrierMs: BARRIER_MS,
    deathRate: index === last ? deathRate : 0,
    seed: seed * 100 + index,
  }));
}
