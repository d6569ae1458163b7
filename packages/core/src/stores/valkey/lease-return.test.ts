import { describe, expect, it } from 'vitest';

import { manualClock } from '../../testing/manual-clock.ts';
import type { EntrySlot } from './key-layout.ts';
import { LeaseReturn } from './lease-return.ts';

const SLOT = { lease: 'lease' } as EntrySlot;
const LEASE_MS = 5_000;

/** Returns leases to a server that is down until it is told otherwise. */
function returning() {
  const clock = manualClock();
  const attempts: string[] = [];
  let isDown = true;
  const leases = new LeaseReturn(clock, LEASE_MS, async (_, token) => {
    attempts.push(token);
    if (isDown) throw new Error('down');
  });
  return { clock, attempts, leases, comeUp: () => (isDown = false) };
}

describe('a lease that is given back', () => {
  it('is given back once where the server hears of it', async () => {
    const { clock, attempts, leases, comeUp } = returning();
    comeUp();
    await leases.giveBack(SLOT, 'token');
    await clock.advance(LEASE_MS);
    expect(attempts).toEqual(['token']);
  });

  it('is given back again until the server has heard of it, and the caller is told of the first failure', async () => {
    const { clock, attempts, leases, comeUp } = returning();
    await expect(leases.giveBack(SLOT, 'token')).rejects.toThrow('down');
    await clock.advance(60);
    expect(attempts).toHaveLength(2);
    comeUp();
    await clock.advance(LEASE_MS);
    expect(attempts).toHaveLength(3);
  });

  it('is forgotten when it has ended by itself', async () => {
    const { clock, attempts, leases } = returning();
    await expect(leases.giveBack(SLOT, 'token')).rejects.toThrow('down');
    await clock.advance(LEASE_MS);
    const made = attempts.length;
    await clock.advance(LEASE_MS * 10);
    expect(attempts).toHaveLength(made);
    expect(made).toBeLessThan(10);
  });
});
