import { describe, expect, it, vi } from 'vitest';

import { manualClock } from '../../testing/manual-clock.ts';
import { OperationMemory } from './operation-memory.ts';

describe('OperationMemory', () => {
  it('carries an operation out once, and answers the same for a minute at least', async () => {
    const clock = manualClock();
    const memory = new OperationMemory<number>(clock);
    const run = vi.fn(() => run.mock.calls.length);
    await clock.advance(59_999);
    expect(memory.once('a', run)).toBe(1);
    for (let second = 0; second < 60; second += 1) {
      expect(memory.once('a', run)).toBe(1);
      await clock.advance(1_000);
    }
  });

  it('forgets after two minutes, whether or not it was asked meanwhile', async () => {
    const clock = manualClock();
    const memory = new OperationMemory<number>(clock);
    const run = vi.fn(() => run.mock.calls.length);
    memory.once('a', run);
    await clock.advance(60_000);
    memory.once('b', run);
    await clock.advance(60_000);
    expect(memory.once('a', run)).toBe(3);
    await clock.advance(1_000_000);
    expect(memory.once('a', run)).toBe(4);
  });

  it('remembers the last ten thousand of many, and not all of them', () => {
    const memory = new OperationMemory<number>(manualClock());
    for (let index = 0; index < 100_000; index += 1) memory.once(`operation ${index}`, () => index);
    expect(memory.once('operation 90000', () => -1)).toBe(90_000);
    expect(memory.once('operation 79000', () => -1)).toBe(-1);
  });
});
