import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { StepNames } from './step-names.ts';

describe('StepNames', () => {
  it('names steps by their names and keys, and counts those that come again', () => {
    const names = new StepNames();
    expect(['page', 'page', 'search', 'page'].map((name) => names.next(name, undefined))).toEqual([
      'page',
      'page#2',
      'search',
      'page#3',
    ]);
    expect(names.next('page', 'a')).toBe('page=a');
    expect(names.next('page', 'a')).toBe('page=a#2');
    expect(new StepNames('page#2').next('inner', undefined)).toBe('page#2/inner');
  });

  it('gives different steps different names, whatever is in them', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '/', '#', '=', '%', '2'), minLength: 1, maxLength: 4 });
    const step = fc.record({
      parent: fc.option(text, { nil: undefined }),
      name: text,
      key: fc.option(text, { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const root = new StepNames();
        const scopes = new Map<string, StepNames>();
        const ids = steps.map(({ parent, name, key }) => {
          if (parent === undefined) return root.next(name, key);
          // The parent itself is a step: each one opens a scope of its own.
          const scope = scopes.get(parent) ?? new StepNames(new StepNames().next(parent, undefined));
          scopes.set(parent, scope);
          return scope.next(name, key);
        });
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });

  it.each([
    ['', undefined],
    [5, undefined],
    ['name', 5],
  ])('refuses the name %j with the key %j', (name, key) => {
    expect(() => new StepNames().next(name as string, key as never)).toThrow(/Invalid argument "(name|key)"/);
  });
});
