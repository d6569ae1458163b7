import { describe, expect, test } from 'vitest';

import { CallTable, MAX_CALLS, digest } from './call-table.ts';

function fill(table: CallTable, from: number, to: number): void {
  for (let i = from; i < to; i++) table.use(`call ${i}`, 'tool');
}

/** A table with the same calls that knows their digests only. */
function restore(table: CallTable): CallTable {
  return new CallTable(table.digests());
}

describe('a call table', () => {
  test('finds the same call by the same identity', () => {
    const table = new CallTable();
    const call = table.use('a', 'tool');
    expect(table.use('a', 'tool')).toBe(call);
    expect(table.use('b', 'tool')).not.toBe(call);
  });

  test('forgets the call that was not used for longest when a new one finds no room', () => {
    const table = new CallTable();
    const [first, second] = [table.use('first', 'tool'), table.use('second', 'tool')];
    fill(table, 0, MAX_CALLS - 2);
    expect(table.use('first', 'tool')).toBe(first);
    table.use('one more', 'tool');
    expect(table.use('first', 'tool')).toBe(first);
    expect(table.use('second', 'tool')).not.toBe(second);
  });

  test('holds no more than its number of calls', () => {
    const table = new CallTable();
    fill(table, 0, 2 * MAX_CALLS);
    expect(table.digests()).toHaveLength(MAX_CALLS);
  });

  test('lists digests in the order of use, and no identity', () => {
    const table = new CallTable();
    for (const identity of ['a', 'b', 'c', 'a']) table.use(identity, 'tool');
    expect(table.digests().map(([key]) => key)).toEqual([digest('b'), digest('c'), digest('a')]);
    expect(digest('a')).toBe('ypeBEsobvcr6wjGzmiPcTaeG7_gUfE5yuYB3ha_uSLs');
  });

  test('goes on from digests as if it had never stopped', () => {
    const table = new CallTable();
    const call = table.use('a', 'tool');
    const restored = restore(restore(table));
    expect(restored.use('a', 'tool')).toBe(call);
    expect(restored.use('b', 'tool')).not.toBe(call);
    expect(restored.digests().map(([key]) => key)).toEqual([digest('a'), digest('b')]);
  });

  test('forgets in the same order after a restart', () => {
    const table = new CallTable();
    const [first, second] = [table.use('first', 'tool'), table.use('second', 'tool')];
    fill(table, 0, MAX_CALLS - 2);
    table.use('first', 'tool');
    const restored = restore(table);
    restored.use('one more', 'tool');
    expect(restored.use('first', 'tool')).toBe(first);
    expect(restored.use('second', 'tool')).not.toBe(second);
  });
});
