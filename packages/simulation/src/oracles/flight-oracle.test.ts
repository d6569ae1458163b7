import { describe, expect, it } from 'vitest';

import { FlightOracle } from './flight-oracle.ts';

describe('FlightOracle', () => {
  let now = 0;

  it('finds a load that ran beside another one of the same call', () => {
    const oracle = new FlightOracle(() => now);
    oracle.startLoad('item a', ['a']);
    oracle.startLoad('item b', ['b']);
    expect(oracle.doubles).toEqual([]);
    oracle.startLoad('item a', ['a']);
    expect(oracle.doubles).toEqual(['item a']);
  });

  it('lets a load follow another one that is over', () => {
    const oracle = new FlightOracle(() => now);
    oracle.startLoad('item a', ['a'])();
    oracle.startLoad('item a', ['a']);
    expect(oracle.doubles).toEqual([]);
  });

  it('lets a load run beside one that a write has made useless', () => {
    const oracle = new FlightOracle(() => now);
    oracle.startLoad('item a', ['a']);
    const finish = oracle.startWrite(['a']);
    oracle.startLoad('item a', ['a']);
    finish();
    oracle.startLoad('item a', ['a']);
    now += 1000;
    oracle.startLoad('item a', ['a']);
    expect(oracle.doubles).toEqual([]);
    oracle.startLoad('item a', ['a']);
    expect(oracle.doubles).toEqual(['item a']);
  });
});
