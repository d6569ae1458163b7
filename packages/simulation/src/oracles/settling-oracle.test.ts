import { describe, expect, it } from 'vitest';

import { SettlingOracle } from './settling-oracle.ts';

describe('SettlingOracle', () => {
  it('names what has not come to an end, and forgets what a dead process has begun', () => {
    const oracle = new SettlingOracle(() => 0, 100);
    void oracle.watch('p1', 'read', () => new Promise(() => undefined));
    void oracle.watch('p2', 'write', () => new Promise(() => undefined));
    expect(oracle.unsettled).toEqual(['p1: read', 'p2: write']);
    oracle.forget('p1');
    expect(oracle.unsettled).toEqual(['p2: write']);
  });

  it('names what took too long, whether it succeeds or fails', async () => {
    let now = 0;
    const oracle = new SettlingOracle(() => now, 100);
    await oracle.watch('p1', 'read', async () => void (now += 90));
    expect(oracle.late).toEqual([]);
    await expect(
      oracle.watch('p1', 'write', async () => {
        now += 110;
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(oracle.late).toEqual(['p1: write took 110 ms']);
    expect(oracle.longestMs).toBe(110);
    expect(oracle.unsettled).toEqual([]);
  });
});
