import { describe, expect, test } from 'vitest';

import { loopArguments } from './loop-arguments.ts';
import { resolveToolLoopOptions, type ToolLoopOptions } from './loop-policy.ts';

const identify = (args: readonly unknown[], options?: ToolLoopOptions): readonly unknown[] =>
  loopArguments(args, resolveToolLoopOptions(options));

describe('the arguments that identify a call', () => {
  test('are the very array that came in when the tool says nothing about them', () => {
    const args = [{ a: 1 }];
    expect(identify(args)).toBe(args);
    expect(identify(args, {})).toBe(args);
    expect(identify(args, { poll: true })).toBe(args);
  });

  test('leave out what the tool ignores', () => {
    expect(identify([{ query: 'x', reason: 'because' }, 2], { ignore: ['reason', 'brief'] })).toEqual([
      { query: 'x' },
      2,
    ]);
  });

  test('are the same whether an ignored property is given or not', () => {
    const ignore = ['reason'];
    expect(identify([{ query: 'x' }], { ignore })).toEqual(identify([{ query: 'x', reason: 'because' }], { ignore }));
  });

  test('leave the input of the caller as it is', () => {
    const input = { query: 'x', reason: 'because' };
    identify([input], { ignore: ['reason'] });
    expect(input).toEqual({ query: 'x', reason: 'because' });
  });

  test.each([
    ['text'],
    [null],
    [undefined],
    [7],
    [['reason']],
    [new Map([['reason', 1]])],
    [new URL('https://example.com/')],
  ])('are untouched by ignore when the first is %o, not a plain object', (first) => {
    const args = [first];
    expect(identify(args, { ignore: ['reason', '0'] })).toBe(args);
  });

  test('keep a property named __proto__', () => {
    const input: unknown = JSON.parse('{"__proto__": {"a": 1}, "reason": 1}');
    const [kept] = identify([input], { ignore: ['reason'] });
    expect(JSON.stringify(kept)).toBe('{"__proto__":{"a":1}}');
  });

  test('are what key returns, in place of everything else', () => {
    const options: ToolLoopOptions<[{ id: number; at: number }]> = { key: ({ id }) => id, ignore: ['id'] };
    expect(identify([{ id: 1, at: 5 }, 'more'], options)).toEqual([1]);
  });

  test('pass on what key throws', () => {
    const key = (): never => {
      throw new Error('no key');
    };
    expect(() => identify([1], { key })).toThrow('no key');
  });
});
