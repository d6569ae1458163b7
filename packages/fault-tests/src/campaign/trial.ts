import type { Fault } from '../faults/fault.ts';
import type { RunReport } from '../run/run-report.ts';

/** Is one cache under one fault, and what is expected of it. */
export interface Trial {
  readonly fault: Fault;
  /** Leads to the module of the cache on trial. */
  readonly subject: string;
  /** Says whether every read has to be fresh, or the cache is wrong on purpose and has to be caught. */
  readonly expects: 'fresh' | 'stale';
}

/** Is what came of a trial. */
export interface TrialResult extends RunReport {
  readonly expects: Trial['expects'];
  /** Tells whether it came as expected, and the run can be trusted. */
  readonly isPassed: boolean;
}

/** Judges a run. What is wrong on purpose may be wrong in other ways, too. */
export function judge({ expects }: Trial, report: RunReport): TrialResult {
  const isStale = report.staleReads.length > 0;
  const isPassed = expects === 'stale' ? isStale : !isStale && report.problems.length === 0;
  return { ...report, expects, isPassed };
}
