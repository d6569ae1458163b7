import { describe, expect, it } from 'vitest';

import { CounterRegistry } from './counter-registry.ts';

describe('CounterRegistry', () => {
  it('keeps one set of counters for each name', () => {
    const registry = new CounterRegistry();
    registry.of('a').hits += 1;
    registry.of('a').hits += 1;
    registry.of('b').misses += 1;
    expect(registry.read()).toMatchObject({ a: { hits: 2, misses: 0 }, b: { hits: 0, misses: 1 } });
  });

  it('takes names that objects have by themselves for names like any other', () => {
    const registry = new CounterRegistry();
    for (const name of ['constructor', 'toString', '__proto__', '']) registry.of(name).hits += 1;
    const numbers = registry.read();
    expect(Object.keys(numbers)).toEqual(['constructor', 'toString', '__proto__', '']);
    expect(Object.getPrototypeOf(numbers)).toBe(Object.prototype);
  });

  it('is bounded: names after the first thousand are counted together', () => {
    const registry = new CounterRegistry();
    for (let index = 0; index < 2_000; index += 1) registry.of(`name ${index}`).hits += 1;
    registry.of('name 5').hits += 1;
    const numbers = registry.read();
    expect(Object.keys(numbers)).toHaveLength(1_001);
    expect(numbers['_other']?.hits).toBe(1_000);
    expect(numbers['name 5']?.hits).toBe(2);
    expect(numbers['name 1500']).toBeUndefined();
  });
});
