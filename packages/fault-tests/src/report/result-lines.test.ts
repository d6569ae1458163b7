import { describe, expect, it } from 'vitest';

import type { TrialResult } from '../campaign/trial.ts';
import { resultLines } from './result-lines.ts';
import { summaryOf, summaryText } from './summary.ts';

const FRESH: TrialResult = {
  fault: 'client-kill',
  subject: 'keepstep',
  expects: 'fresh',
  isPassed: true,
  seed: 4,
  seconds: 2,
  deaths: 0,
  strikes: [{ from: 100, until: 200, recoveredAt: 250 }],
  counts: {
    reads: 1_000,
    loads: 90,
    hits: 880,
    coalesced: 20,
    invalidations: 30,
    unacknowledged: 2,
    bypassed: 10,
    superseded: 5,
    failures: 0,
  },
  staleReads: [],
  problems: [],
};
const STALE: TrialResult = {
  ...FRESH,
  isPassed: false,
  staleReads: [{ worker: 1, resource: 's1/i2', version: 7, promised: 8, startedAt: 230.25, promisedAt: 180 }],
};
const CONTROL: TrialResult = { ...STALE, subject: 'member-sets', expects: 'stale', isPassed: true };

describe('resultLines', () => {
  it('says in a row what a run has done', () => {
    expect(resultLines(FRESH).map((line) => line.split(/ +/))).toEqual([
      ['✓', 'client-kill', '1', '1000', '90', '880', '20', '30', '2', '10', '0', '50', 'ms'],
    ]);
  });

  it('tells the story of a stale read, and the seed', () => {
    expect(resultLines(STALE).slice(1)).toEqual([
      '    180.0 ms  s1/i2 was promised as version 8 or later; 230.3 ms  worker 1 began to read it, and got version 7; after strike 1, 100.0 ms to 200.0 ms',
      '    seed 4',
    ]);
  });

  it('says when a cache that is wrong on purpose was not caught', () => {
    expect(resultLines(CONTROL)).toHaveLength(1);
    const missed = { ...CONTROL, staleReads: [], isPassed: false };
    expect(resultLines(missed)[1]).toBe('    a cache that is wrong on purpose was not caught');
  });
});

describe('summaryOf', () => {
  it('adds up what has to be fresh, and counts the wrong caches apart', () => {
    const summary = summaryOf([FRESH, FRESH, CONTROL]);
    expect(summary).toMatchObject({ isPassed: true, reads: 2_000, hits: 1_760, staleReads: 0, controls: 1, caught: 1 });
    expect(summaryText(summary)).toContain('2000 reads checked');
    expect(summaryText(summary)).toContain('0 stale, 1 of 1 wrong caches caught; 3 passed, 0 failed');
  });

  it('fails when a trial fails, and when there is none', () => {
    expect(summaryOf([FRESH, STALE]).isPassed).toBe(false);
    expect(summaryOf([]).isPassed).toBe(false);
  });
});
