import { describe, expect, test } from 'vitest';

import { checkDelegation, type Delegation } from './delegation.ts';
import { loopMessage } from './loop-verdict.ts';

const work = (agent: string, taskKey?: string): Delegation => ({ agent, taskKey });

describe('a delegation', () => {
  test('to an agent that is at work on the same task is a recursion', () => {
    const finding = checkDelegation([work('main', 't'), work('a', 't'), work('b', 't')], work('a', 't'), 10);
    expect(finding).toMatchObject({ rule: 'recursion', tool: 'a', path: ['a', 'b', 'a'], period: 2, repeats: 2 });
    expect(loopMessage(finding!)).toBe('Recursion detected: a -> b -> a');
  });

  test('of an agent to itself with the same task is a recursion', () => {
    expect(checkDelegation([work('a', 't')], work('a', 't'), 10)).toMatchObject({ path: ['a', 'a'], period: 1 });
  });

  test('to the same agent with another task is fine', () => {
    expect(checkDelegation([work('a', 'whole'), work('b', 'half')], work('a', 'half'), 10)).toBeUndefined();
  });

  test('of a task that nothing identifies is like no other', () => {
    expect(checkDelegation([work('a'), work('b')], work('a'), 10)).toBeUndefined();
  });

  test('reports the shortest way round when it went on before', () => {
    const ancestry = [work('a', 't'), work('b', 't'), work('a', 't'), work('c', 't')];
    expect(checkDelegation(ancestry, work('a', 't'), 10)?.path).toEqual(['a', 'c', 'a']);
  });

  test('below the deepest level is reported as nesting', () => {
    const ancestry = Array.from({ length: 11 }, (_, level) => work(`agent ${level}`));
    expect(checkDelegation(ancestry.slice(0, 10), work('next'), 10)).toBeUndefined();
    const finding = checkDelegation(ancestry, work('next'), 10);
    expect(finding).toMatchObject({ rule: 'nesting', tool: 'next', path: ['next'], period: 1, count: 11, limit: 10 });
    expect(loopMessage(finding!)).toBe('Loop detected: next would work 11 levels deep, limit 10');
  });

  test('is forbidden altogether by a limit of 0, and never by Infinity', () => {
    expect(checkDelegation([work('main')], work('a'), 0)?.rule).toBe('nesting');
    expect(checkDelegation(Array<Delegation>(1000).fill(work('main')), work('a'), Infinity)).toBeUndefined();
  });
});
