import { describe, expect, it } from 'vitest';

import { InvalidArgumentError } from '../errors.ts';
import { parseAllResources, parseResources, type ResourceInputs } from './resource-path.ts';

function failure(run: () => unknown): InvalidArgumentError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidArgumentError);
    return error as InvalidArgumentError;
  }
  return expect.fail('nothing was thrown');
}

describe('parseResources', () => {
  it.each<[string, ResourceInputs, string[][]]>([
    ['a text', 'cart', [['cart']]],
    ['the empty text', '', [['']]],
    ['a path', ['cart', 'user_1'], [['cart', 'user_1']]],
    ['a path of one segment', ['cart'], [['cart']]],
    ['a path with empty segments', ['', 'a', ''], [['', 'a', '']]],
    ['a list of paths', [['cart', 'user_1'], ['product']], [['cart', 'user_1'], ['product']]],
    ['a list of one path', [['cart', 'user_1']], [['cart', 'user_1']]],
    ['a list of texts and paths', ['cart', ['product', 'p1'], 'stock'], [['cart'], ['product', 'p1'], ['stock']]],
  ])('takes %s', (_, input, paths) => {
    expect(parseResources(input, 'resource')).toEqual(paths);
  });

  it.each<[string, unknown, string]>([
    ['a number', 42, '42'],
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
    ['an object', { cart: 1 }, 'an object with cart'],
    ['a function', () => ['cart'], 'a function'],
    ['an empty path in a list', [['cart'], []], 'an array of 0'],
    ['a path with a number, which is never turned into a text silently', ['order', 42], '42'],
    ['a path with a number in a list', [['order', 42]], '42'],
    ['a number beside a path', [['cart'], 42], '42'],
    ['a path with undefined', ['cart', undefined], 'undefined'],
    ['a path that is too deep in arrays', [[['cart']]], 'an array of 1'],
  ])('refuses %s, and says which argument and what was received', (_, input, received) => {
    const { message, argument, code } = failure(() => parseResources(input as ResourceInputs, 'invalidates'));
    expect([argument, code]).toEqual(['invalidates', 'invalid_argument']);
    expect(message).toContain(`Invalid argument "invalidates": received ${received}`);
    expect(message).toContain('a path of texts such as ["cart", "user_1"]');
  });

  it('takes an empty list for no resource', () => {
    expect(parseResources([], 'resource')).toEqual([]);
  });

  it('returns paths that do not change when the input does', () => {
    const input = ['cart', 'user_1'];
    const list = [input];
    const [path] = parseResources(input, 'resource');
    const [listed] = parseResources(list, 'resource');
    input[1] = 'user_2';
    expect([path, listed]).toEqual([
      ['cart', 'user_1'],
      ['cart', 'user_1'],
    ]);
  });
});

describe('parseAllResources', () => {
  it('takes each argument in any of its forms', () => {
    expect(parseAllResources(['cart', ['product', 'p1']])).toEqual([['cart'], ['product', 'p1']]);
  });

  it.each([[[]], [[['cart'], ['product']]], [42], [['order', 42]], [undefined]])('refuses %j', (resource) => {
    expect(failure(() => parseAllResources([resource as never])).argument).toBe('resources');
  });

  it('refuses no resource at all', () => {
    expect(failure(() => parseAllResources([])).message).toContain('at least one resource');
  });
});
