import { expect, it } from 'vitest';

import type { WorkCounts } from '../worker/messages.ts';
import { Totals } from './totals.ts';

const counts = (reads: number): WorkCounts => ({
  reads,
  loads: 1,
  hits: 0,
  invalidations: 0,
  unacknowledged: 0,
  failures: 0,
  coalesced: 0,
  bypassed: 0,
  superseded: 0,
});

it('adds up the last sums of every worker, of those that were replaced, too', () => {
  const [one, other] = [{}, {}];
  const totals = new Totals();
  totals.set(one, counts(1));
  totals.set(one, counts(5));
  totals.set(other, counts(7));
  expect(totals.sum()).toEqual({ ...counts(12), loads: 2 });
});
