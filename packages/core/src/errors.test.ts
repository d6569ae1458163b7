import { describe, expect, it } from 'vitest';

import {
  AgentLoopDetectedError,
  InvalidArgumentError,
  InvalidOptionError,
  KeepstepError,
  NotEncodableError,
  type LoopFinding,
} from './errors.ts';

const finding: LoopFinding = {
  rule: 'cycle',
  tool: 'update_stock',
  path: ['check_stock', 'update_stock'],
  period: 2,
  repeats: 2,
  count: 4,
  limit: 3,
  hint: 'Do not repeat check_stock, update_stock: work with what you have, or say what is missing.',
};

const ERRORS = [
  [new KeepstepError('cache_closed', 'no'), 'KeepstepError', 'cache_closed'],
  [new InvalidOptionError('ttl', 0, 'more'), 'InvalidOptionError', 'invalid_option'],
  [new InvalidArgumentError('key', 0, 'less'), 'InvalidArgumentError', 'invalid_argument'],
  [new NotEncodableError('$.a', 'a function'), 'NotEncodableError', 'not_encodable'],
  [new AgentLoopDetectedError('Cycle detected: a -> b', finding), 'AgentLoopDetectedError', 'loop_detected'],
] as const;

describe('every error', () => {
  it.each(ERRORS)('%s has its name, its code and its place in the docs', (error, name, code) => {
    expect(error).toBeInstanceOf(Error);
    expect(error).toBeInstanceOf(KeepstepError);
    expect([error.name, error.code, error.docs]).toEqual([name, code, `docs/errors.md#${code}`]);
    expect(String(error)).toBe(`${name}: ${error.message}`);
    expect(error.stack).toContain('errors.test.ts');
  });

  it.each(ERRORS)('%s is recognised by its brand, also by another copy of the package', (error) => {
    expect(KeepstepError.isInstance(error)).toBe(true);
    const foreign = Object.assign(new Error('from another copy'), { code: 'loop_detected' });
    expect(KeepstepError.isInstance(foreign)).toBe(false);
    Object.defineProperty(foreign, Symbol.for('keepstep.error'), { value: true });
    expect(KeepstepError.isInstance(foreign)).toBe(true);
    expect(AgentLoopDetectedError.isInstance(foreign)).toBe(true);
  });

  it.each([undefined, null, 'loop_detected', 5, {}, new Error('loop'), { code: 'loop_detected' }])(
    '%s is none',
    (value) => {
      expect(KeepstepError.isInstance(value)).toBe(false);
      expect(AgentLoopDetectedError.isInstance(value)).toBe(false);
    },
  );

  it('keeps its cause, and shows its brand to nobody', () => {
    const cause = new Error('the socket closed');
    const error = new KeepstepError('cache_closed', 'no', { cause });
    expect(error.cause).toBe(cause);
    expect(Object.keys(error).toSorted()).toEqual(['code', 'docs', 'name']);
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'KeepstepError',
      code: 'cache_closed',
      docs: error.docs,
    });
  });
});

describe('AgentLoopDetectedError', () => {
  it('carries the finding', () => {
    const error = new AgentLoopDetectedError('Cycle detected: check_stock -> update_stock', finding);
    expect(error).toMatchObject({ ...finding });
    expect(AgentLoopDetectedError.isInstance(error)).toBe(true);
    expect(AgentLoopDetectedError.isInstance(new InvalidOptionError('ttl', 0, 'more'))).toBe(false);
  });
});

describe('the message about a wrong value', () => {
  it.each([
    ['text', '"text"'],
    ['x'.repeat(100), `"${'x'.repeat(60)}…"`],
    ['say "hi"\n', String.raw`"say \"hi\"\n"`],
    [5, '5'],
    [-0, '-0'],
    [10n, '10'],
    [NaN, 'NaN'],
    [undefined, 'undefined'],
    [null, 'null'],
    [true, 'true'],
    [Symbol('s'), 'Symbol(s)'],
    [() => 1, 'a function'],
    [[1, 2, 3], 'an array of 3'],
    [{ a: 1, b: 2 }, 'an object with a, b'],
    [{}, 'an object with no keys'],
    [Object.create(null), 'an object with no keys'],
  ])('says what it was: %o', (value, description) => {
    const message = `Invalid option "ttl": received ${description}, allowed: more.`;
    expect(new InvalidOptionError('ttl', value, 'more').message).toBe(message);
    expect(new InvalidArgumentError('ttl', value, 'more').message).toBe(message.replace('option', 'argument'));
  });

  it('stays short, however large the value is', () => {
    const large = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`key number ${index}`, index]));
    expect(new InvalidOptionError('ttl', large, 'more').message.length).toBeLessThan(1000);
  });
});
