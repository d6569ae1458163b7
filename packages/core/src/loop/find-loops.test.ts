import { describe, expect, it } from 'vitest';

import { findLoops, type MadeCall } from './find-loops.ts';

const LIMITS = { maxToolRepeats: 2, maxExecutionDepth: 50 };

function call(toolName: string, ...args: readonly unknown[]): MadeCall {
  return { toolName, args };
}

/** Returns what was found in each step, as text. */
function found(steps: readonly (readonly MadeCall[])[], limits = LIMITS): string[] {
  return findLoops(steps, limits).map((errors) => errors.map(({ message }) => message).join(' | '));
}

describe('findLoops', () => {
  it('finds the step that repeats a call too often, and all that repeat it again', () => {
    const look = [call('look', { at: 'sky' })];
    const repeated = (count: number) =>
      `Loop detected: look was called ${count} times with the same arguments (limit 2)`;
    expect(found([look, look, look, look])).toEqual(['', '', repeated(3), repeated(4)]);
  });

  it('finds a cycle over several steps', () => {
    const [check, update] = [[call('check_stock', 'A')], [call('update_stock', 'A')]];
    expect(found([check, update, check, update])).toEqual(['', '', '', 'Cycle detected: check_stock -> update_stock']);
  });

  it('takes identical calls of one step for one, and different ones for what they are', () => {
    const step = [call('look', 1), call('look', 1), call('look', 1), call('look', 2)];
    expect(found([step])).toEqual(['']);
    expect(found([step, step, step])[2]).toBe(
      'Loop detected: look was called 3 times with the same arguments (limit 2) | ' +
        'Loop detected: look was called 3 times with the same arguments (limit 2)',
    );
  });

  it('tells calls apart by their arguments, whatever the order of properties', () => {
    const [one, other] = [[call('look', { a: 1, b: '1' })], [call('look', { b: '1', a: 1 })]];
    expect(found([one, other, one])[2]).toMatch('3 times');
    expect(found([one, [call('look', { a: '1', b: '1' })], one])).toEqual(['', '', '']);
  });

  it('counts all calls, also those that cannot be identified', () => {
    const odd = [call('look', () => 1)];
    expect(found([odd, odd, odd], { maxToolRepeats: 1, maxExecutionDepth: 2 })).toEqual([
      '',
      '',
      'Loop detected: call 3 of this session, limit 2',
    ]);
  });

  it('says what to do instead', () => {
    const look = [call('look')];
    const [error] = findLoops([look, look, look], LIMITS)[2] ?? [];
    expect(error).toMatchObject({ rule: 'repeats', tool: 'look', count: 3 });
    expect(error?.hint).toBe(
      'Do not call look with these arguments again: work with what you have, or say what is missing.',
    );
  });
});
