import { describe, expect, test } from 'vitest';

import { AgentLoopDetectedError } from '../errors.ts';
import type { LoopFinding } from '../errors.ts';
import { loopFinding, loopHint, loopMessage, shouldWarn, toLoopError } from './loop-verdict.ts';

const repeats = (count: number, limit = 5): LoopFinding => loopFinding('repeats', ['search_web'], count, count, limit);

describe('a finding', () => {
  test('names the tool that was about to be called and the length of the round', () => {
    expect(loopFinding('cycle', ['check_stock', 'update_stock'], 2, 4, 3)).toEqual({
      rule: 'cycle',
      tool: 'update_stock',
      path: ['check_stock', 'update_stock'],
      period: 2,
      repeats: 2,
      count: 4,
      limit: 3,
      hint: 'Do not repeat check_stock, update_stock: work with what you have, or say what is missing.',
    });
  });

  test.each([
    [repeats(4, 3), 'Loop detected: search_web was called 4 times with the same arguments (limit 3)'],
    [loopFinding('cycle', ['check_stock', 'update_stock'], 2, 4, 3), 'Cycle detected: check_stock -> update_stock'],
    [loopFinding('depth', ['search_web'], 1, 51, 50), 'Loop detected: call 51 of this session, limit 50'],
    [loopFinding('recursion', ['a', 'b', 'a'], 2, 2, 1), 'Recursion detected: a -> b -> a'],
    [loopFinding('nesting', ['a'], 1, 11, 10), 'Loop detected: a would work 11 levels deep, limit 10'],
  ])('is told to people in one line: $1', (finding, message) => {
    expect(loopMessage(finding)).toBe(message);
  });

  test.each(['repeats', 'cycle', 'depth', 'recursion', 'nesting'] as const)(
    'of rule %s gives the model one instruction',
    (rule) => {
      expect(loopHint(rule, ['a', 'b'])).toMatch(/^Do not [^.]+: work with what you have, or say what is missing\.$/);
    },
  );

  test('takes another instruction where one fits better', () => {
    expect(loopFinding('repeats', ['job'], 6, 6, 5, 'call job again so soon').hint).toMatch(
      /^Do not call job again so soon:/,
    );
  });

  test('becomes an error that carries all of it', () => {
    const finding = repeats(6);
    const error = toLoopError(finding);
    expect(AgentLoopDetectedError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ ...finding, code: 'loop_detected', message: loopMessage(finding) });
  });
});

describe('a warning', () => {
  test('is given when the loop is found, and again each time it has doubled', () => {
    const counts = Array.from({ length: 1000 }, (_, i) => i + 6).filter((count) => shouldWarn(repeats(count)));
    expect(counts).toEqual([6, 12, 24, 48, 96, 192, 384, 768]);
  });

  test('is given at 2x and 4x of any first count', () => {
    for (const limit of [1, 2, 3, 7, 20, 50, 99]) {
      const counts = Array.from({ length: 4 * (limit + 1) }, (_, i) => i + 1).filter(
        (count) => count > limit && shouldWarn(repeats(count, limit)),
      );
      expect(counts).toEqual([limit + 1, 2 * (limit + 1), 4 * (limit + 1)]);
    }
  });
});
