import type { TrialResult } from '../campaign/trial.ts';

/** Is what all trials come down to. */
export interface Summary {
  readonly isPassed: boolean;
  /** Counts the trials that came as expected, and the others. */
  readonly passed: number;
  readonly failed: number;
  /** Counts what caches that are to be fresh have done; those that are wrong on purpose are left out. */
  readonly reads: number;
  readonly loads: number;
  readonly hits: number;
  readonly invalidations: number;
  readonly bypassed: number;
  readonly staleReads: number;
  /** Counts caches that are wrong on purpose, and how many of them were caught. */
  readonly controls: number;
  readonly caught: number;
}

/** Adds results up. */
export function summaryOf(results: readonly TrialResult[]): Summary {
  const fresh = results.filter(({ expects }) => expects === 'fresh');
  const controls = results.filter(({ expects }) => expects === 'stale');
  const passed = results.filter(({ isPassed }) => isPassed).length;
  const sum = (of: (result: TrialResult) => number): number => fresh.reduce((total, result) => total + of(result), 0);
  return {
    isPassed: passed === results.length && results.length > 0,
    passed,
    failed: results.length - passed,
    reads: sum(({ counts }) => counts.reads),
    loads: sum(({ counts }) => counts.loads),
    hits: sum(({ counts }) => counts.hits),
    invalidations: sum(({ counts }) => counts.invalidations),
    bypassed: sum(({ counts }) => counts.bypassed),
    staleReads: sum(({ staleReads }) => staleReads.length),
    controls: controls.length,
    caught: controls.filter(({ isPassed }) => isPassed).length,
  };
}

/** Formats a summary in one sentence. */
export function summaryText(summary: Summary): string {
  const { reads, loads, hits, invalidations, bypassed, staleReads, controls, caught, passed, failed } = summary;
  const counts = `${reads} reads checked, ${hits} hits, ${loads} loads, ${invalidations} invalidations, ${bypassed} past the cache`;
  const verdict = `${staleReads} stale, ${caught} of ${controls} wrong caches caught; ${passed} passed, ${failed} failed`;
  return `${counts}: ${verdict}`;
}
