import { describe, expect, it } from 'vitest';

import type { WorkCounts } from '../worker/messages.ts';
import { idleProblems } from './idle-check.ts';

const BUSY: WorkCounts = {
  reads: 1_000,
  loads: 100,
  hits: 900,
  invalidations: 20,
  unacknowledged: 0,
  failures: 0,
  coalesced: 0,
  bypassed: 0,
  superseded: 0,
};

describe('idleProblems', () => {
  it('finds nothing wrong with a busy run', () => {
    expect(idleProblems(BUSY, 2)).toEqual([]);
  });

  it.each(['reads', 'loads', 'hits', 'invalidations'] as const)('refuses a run with no %s', (name) => {
    const [problem, ...others] = idleProblems({ ...BUSY, [name]: 0 }, 2);
    expect(problem).toContain(`0 ${name}, at least`);
    expect(others).toEqual([]);
  });

  it('expects more of a longer run', () => {
    expect(idleProblems(BUSY, 100)).toHaveLength(4);
  });
});
