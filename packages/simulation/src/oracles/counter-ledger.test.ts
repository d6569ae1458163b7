import { describe, expect, it } from 'vitest';

import { CounterLedger } from './counter-ledger.ts';

describe('CounterLedger', () => {
  it('allows every value between what was acknowledged and what may have happened besides', () => {
    const ledger = new CounterLedger();
    ledger.acknowledged('a');
    ledger.lost('b', 2);
    expect([0, 1, 2, 3, 4].map((value) => ledger.judge(value) === undefined)).toEqual([false, true, true, true, false]);
  });

  it('counts an increment once that was sent again and acknowledged then', () => {
    const ledger = new CounterLedger();
    ledger.lost('a');
    ledger.acknowledged('a');
    ledger.lost('a');
    expect(ledger.judge(1)).toBeUndefined();
    expect(ledger.judge(2)).toBe('1 increments have run twice: the counter is 2');
    expect(ledger.judge(0)).toBe('1 acknowledged increments are lost: the counter is 0');
  });
});
