import { InMemoryStore } from '@langchain/langgraph-checkpoint';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { checkFilter, matchesFilter } from './item-filter.ts';

const names = ['a', 'b', '__proto__', 'constructor'];
const scalar = fc.constantFrom<unknown>('x', 'y', '1', '', 0, 1, 2, -1, true, false, null, undefined);
const operators = fc.dictionary(fc.constantFrom('$eq', '$ne', '$gt', '$gte', '$lt', '$lte'), scalar, { maxKeys: 3 });
const lists = fc.dictionary(fc.constantFrom('$in', '$nin'), fc.array(scalar, { maxLength: 3 }), { maxKeys: 2 });
const record = <Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<Record<string, Value>> =>
  fc.array(fc.tuple(fc.constantFrom(...names), values), { maxLength: 3 }).map((entries) => Object.fromEntries(entries));

/** LangGraph's own store also finds what a value only inherits. */
const isOwn = (filter: object): boolean => Object.keys(filter).every((name) => name === 'a' || name === 'b');

describe('a filter', () => {
  it('lets through what LangGraph lets through', async () => {
    const filters = record(fc.oneof(scalar, operators, lists)).filter(isOwn);
    await fc.assert(
      fc.asyncProperty(record(scalar), filters, async (value, filter) => {
        const reference = new InMemoryStore();
        await reference.put(['a'], 'key', value);
        const found = await reference.search(['a'], { filter });
        expect(matchesFilter(value, filter)).toBe(found.length === 1);
      }),
      { numRuns: 500 },
    );
  });

  it('finds no names that a value only inherits', () => {
    expect(matchesFilter({}, { constructor: Object })).toBe(false);
    expect(matchesFilter({}, { constructor: undefined })).toBe(true);
    expect(matchesFilter({}, JSON.parse('{"__proto__":{"$ne":1}}'))).toBe(true);
    expect(matchesFilter(JSON.parse('{"__proto__":1}'), JSON.parse('{"__proto__":1}'))).toBe(true);
  });

  it('takes objects for equal that hold the same, because what is stored is a copy', () => {
    const value = { tags: ['x', 'y'], at: new Date(0), place: { room: 1 } };
    expect(matchesFilter(value, { tags: ['x', 'y'], at: new Date(0), place: { room: 1 } })).toBe(true);
    expect(matchesFilter(value, { tags: { $in: [['x', 'y']] } })).toBe(true);
    expect(matchesFilter(value, { tags: { $ne: ['x', 'y'] } })).toBe(false);
    expect(matchesFilter(value, { at: { $gt: new Date(-1) } })).toBe(true);
    expect(matchesFilter(value, { at: { $gt: new Date(0) } })).toBe(false);
  });

  it('is not stopped by a value that cannot be made a number', () => {
    expect(matchesFilter({ a: { valueOf: 1, toString: 1 } }, { a: { $gt: 1 } })).toBe(false);
    expect(matchesFilter({ a: 1 }, { a: { $gt: Symbol('x') } })).toBe(false);
  });

  it('refuses operators that do not exist, by name', () => {
    expect(() => checkFilter({ a: { $regex: '.*' } })).toThrow('received "$regex", allowed: $eq, $ne');
    expect(() => checkFilter({ a: { $gt: 1, other: 2 } })).toThrow('"other"');
    expect(() => checkFilter([] as never)).toThrow('"filter"');
    expect(() => checkFilter({ a: { x: 1 }, b: null, c: { $in: [] } })).not.toThrow();
  });
});
