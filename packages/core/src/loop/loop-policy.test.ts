import { describe, expect, expectTypeOf, test, vi } from 'vitest';

import { InvalidOptionError, type LoopFinding } from '../errors.ts';
import {
  resolveLoopOptions,
  resolveToolLoopOptions,
  type LoopOptions,
  type ResolvedLoopOptions,
  type ToolLoopOptions,
} from './loop-policy.ts';
import { loopFinding } from './loop-verdict.ts';

const finding: LoopFinding = loopFinding('repeats', ['search_web'], 6, 6, 5);

describe('the loop options of a session', () => {
  test('have the defaults of the documentation', () => {
    const { onLoop, ...rest } = resolveLoopOptions();
    expect(rest).toEqual({
      loopDetection: true,
      preset: 'strict',
      maxToolRepeats: 5,
      maxExecutionDepth: 50,
      maxNesting: 10,
    });
    expect(onLoop(finding)).toBe('raise');
  });

  test('are kept as given', () => {
    const given = {
      loopDetection: false,
      preset: 'strict',
      maxToolRepeats: 1,
      maxExecutionDepth: Infinity,
      maxNesting: 0,
    } as const;
    expect(resolveLoopOptions(given)).toMatchObject(given);
  });

  test('are handed down to a child under its own', () => {
    const parent = resolveLoopOptions({ maxToolRepeats: 3, onLoop: 'warn' });
    const child = resolveLoopOptions({ ...parent, maxExecutionDepth: 20 });
    expect(child).toMatchObject({ maxToolRepeats: 3, maxExecutionDepth: 20 });
    expect(child.onLoop(finding)).toBe('warn');
    expectTypeOf<ResolvedLoopOptions>().toExtend<LoopOptions>();
  });

  test.each([
    [{ maxToolRepeats: 0 }, 'maxToolRepeats', '0', 'a whole number of at least 1, or Infinity'],
    [{ maxToolRepeats: 2.5 }, 'maxToolRepeats', '2.5', 'a whole number of at least 1, or Infinity'],
    [{ maxToolRepeats: NaN }, 'maxToolRepeats', 'NaN', 'a whole number of at least 1, or Infinity'],
    [{ maxToolRepeats: '3' }, 'maxToolRepeats', '"3"', 'a whole number of at least 1, or Infinity'],
    [{ maxToolRepeats: null }, 'maxToolRepeats', 'null', 'a whole number of at least 1, or Infinity'],
    [{ maxExecutionDepth: 0 }, 'maxExecutionDepth', '0', 'a whole number of at least 1, or Infinity'],
    [{ maxExecutionDepth: -Infinity }, 'maxExecutionDepth', '-Infinity', 'a whole number of at least 1, or Infinity'],
    [{ maxNesting: -1 }, 'maxNesting', '-1', 'a whole number of at least 0, or Infinity'],
    [{ loopDetection: 'yes' }, 'loopDetection', '"yes"', 'true, false'],
    [{ preset: 'balanced' }, 'preset', '"balanced"', '"strict", the only preset today'],
    [{ onLoop: 'stop' }, 'onLoop', '"stop"', '"raise", "warn", "short_circuit" or a function'],
    [{ onLoop: 'allow' }, 'onLoop', '"allow"', '"raise", "warn", "short_circuit" or a function'],
  ])('refuse %o', (options, option, received, allowed) => {
    const refusal = new RegExp(`^Invalid option "${option}": received ${received}, allowed: ${allowed}\\.$`);
    expect(() => resolveLoopOptions(options as LoopOptions)).toThrow(refusal);
  });

  test('refuse with an error that names the option', () => {
    try {
      resolveLoopOptions({ maxToolRepeats: 0 });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidOptionError);
      expect(error).toMatchObject({ code: 'invalid_option', option: 'maxToolRepeats' });
    }
  });
});

describe('onLoop', () => {
  test.each(['raise', 'warn', 'short_circuit'] as const)('%s decides every case', (action) => {
    expect(resolveLoopOptions({ onLoop: action }).onLoop(finding)).toBe(action);
  });

  test.each(['raise', 'warn', 'short_circuit', 'allow'] as const)('may be a function that answers %s', (decision) => {
    const onLoop = vi.fn(() => decision);
    expect(resolveLoopOptions({ onLoop }).onLoop(finding)).toBe(decision);
    expect(onLoop).toHaveBeenCalledExactlyOnceWith(finding);
  });

  test.each([[undefined], [null], [true], ['ignore'], [{ steer: 'elsewhere' }], [Promise.resolve('allow')]])(
    'means raise when the function answers %o',
    (answer) => {
      expect(resolveLoopOptions({ onLoop: () => answer as 'allow' }).onLoop(finding)).toBe('raise');
    },
  );

  test('lets what the function throws reach the caller', () => {
    const failure = new Error('stop here');
    const onLoop = (): never => {
      throw failure;
    };
    expect(() => resolveLoopOptions({ onLoop }).onLoop(finding)).toThrow(failure);
  });
});

describe('the loop options of a tool', () => {
  test('are none when none are given', () => {
    expect(resolveToolLoopOptions(undefined)).toBeUndefined();
  });

  test('have the defaults of the documentation', () => {
    expect(resolveToolLoopOptions({})).toEqual({
      ignore: [],
      key: undefined,
      resultKey: undefined,
      poll: undefined,
      exempt: false,
    });
    expect(resolveToolLoopOptions({ poll: true })?.poll).toEqual({ maxUnchanged: 20, minIntervalMs: 0 });
    expect(resolveToolLoopOptions({ poll: { minIntervalMs: 500 } })?.poll).toEqual({
      maxUnchanged: 20,
      minIntervalMs: 500,
    });
  });

  test('are kept as given', () => {
    const key = (id: string): string => id;
    const resultKey = (cart: { items: unknown }): unknown => cart.items;
    const options: ToolLoopOptions<[string], { items: unknown }> = { ignore: ['reason'], key, resultKey, exempt: true };
    expect(resolveToolLoopOptions(options)).toEqual({ ...options, poll: undefined });
  });

  test.each([
    [true, 'loop', 'true', 'an object, or false'],
    [null, 'loop', 'null', 'an object, or false'],
    [{ ignore: 'reason' }, 'loop.ignore', '"reason"', 'a list of argument names'],
    [{ ignore: [1] }, 'loop.ignore', 'an array of 1', 'a list of argument names'],
    [{ key: 'id' }, 'loop.key', '"id"', 'a function'],
    [{ resultKey: 1 }, 'loop.resultKey', '1', 'a function'],
    [{ exempt: 'yes' }, 'loop.exempt', '"yes"', 'true'],
    [{ poll: 20 }, 'loop.poll', '20', 'true or an object'],
    [{ poll: { maxUnchanged: 0 } }, 'loop.poll.maxUnchanged', '0', 'a whole number of at least 1, or Infinity'],
    [{ poll: { minIntervalMs: -1 } }, 'loop.poll.minIntervalMs', '-1', 'a number of milliseconds from 0'],
    [{ poll: { minIntervalMs: '1s' } }, 'loop.poll.minIntervalMs', '"1s"', 'a number of milliseconds from 0'],
  ])('refuse %o', (options, option, received, allowed) => {
    const refusal = `Invalid option "${option}": received ${received}, allowed: ${allowed}.`;
    expect(() => resolveToolLoopOptions(options as unknown as ToolLoopOptions)).toThrow(refusal);
  });

  test('are named by the path that the caller gives', () => {
    const options = { poll: 1 } as unknown as ToolLoopOptions;
    expect(() => resolveToolLoopOptions(options, 'tools.get_cart.loop')).toThrow('"tools.get_cart.loop.poll"');
  });
});
