import { describe, expect, it } from 'vitest';

import { CounterOracle } from './counter-oracle.ts';

describe('the oracle of counters', () => {
  it('wants every acknowledged increment once, and leaves open what was never answered', () => {
    const oracle = new CounterOracle(() => 0);
    const one = oracle.begin();
    one.acknowledged();
    oracle.begin();
    oracle.begin();
    const other = oracle.begin();
    expect(other.counter).toBe(one.counter);
    expect(oracle.judge(one.counter, 0)).toBe('1 acknowledged increments are lost: the counter is 0');
    expect(oracle.judge(one.counter, 1)).toBeUndefined();
    expect(oracle.judge(one.counter, 2)).toBeUndefined();
    expect(oracle.judge(one.counter, 3)).toBe('1 increments have run twice: the counter is 3');
    other.refused();
    expect(oracle.judge(one.counter, 2)).toBe('1 increments have run twice: the counter is 2');
    expect(oracle.acknowledged).toBe(1);
  });

  it('begins anew when the server may have lost something', () => {
    let upheavals = 0;
    const oracle = new CounterOracle(() => upheavals);
    const before = oracle.begin();
    expect(oracle.intact).toEqual([before.counter]);
    upheavals = 1;
    expect(oracle.intact).toEqual([]);
    expect(oracle.begin().counter).not.toBe(before.counter);
    expect(oracle.intact).toHaveLength(1);
  });
});
