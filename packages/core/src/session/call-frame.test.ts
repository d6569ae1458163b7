import { describe, expect, it } from 'vitest';

import { CallFrame } from './call-frame.ts';

describe('CallFrame', () => {
  it('finds a call that is on the stack already, and the way to it', () => {
    const root = new CallFrame('key of a', 'a', undefined);
    const middle = new CallFrame('key of b', 'b', root);
    const leaf = new CallFrame('key of c', 'c', middle);
    expect(leaf.recursion('key of a')).toEqual(['a', 'b', 'c']);
    expect(leaf.recursion('key of b')).toEqual(['b', 'c']);
    expect(leaf.recursion('key of c')).toEqual(['c']);
    expect(leaf.recursion('key of d')).toBeUndefined();
    expect(root.recursion('key of c')).toBeUndefined();
  });

  it('gathers the tags and the narrowest scope of what was read inside', () => {
    const frame = new CallFrame('key', 'tool', undefined);
    expect([[...frame.tags], frame.narrowest]).toEqual([[], 'global']);
    frame.absorb(['a', 'b'], 'global');
    frame.absorb(['b', 'c'], 'session');
    frame.absorb(['d'], 'user');
    expect([[...frame.tags], frame.narrowest]).toEqual([['a', 'b', 'c', 'd'], 'session']);
  });

  it('tells its parent nothing by itself', () => {
    const parent = new CallFrame('key', 'tool', undefined);
    new CallFrame('inner', 'inner', parent).absorb(['a'], 'session');
    expect([[...parent.tags], parent.narrowest]).toEqual([[], 'global']);
  });

  it('is a part of the load around it, unless it leads one itself', () => {
    const load = { blockedOn: [] };
    const parent = new CallFrame('key', 'tool', undefined, load);
    const child = new CallFrame('inner', 'inner', parent);
    expect(new CallFrame('alone', 'alone', undefined).blocker).toBeUndefined();
    expect(new CallFrame('own', 'own', parent, { blockedOn: [load] }).blocker).not.toBe(load);
    expect(child.blocker).toBe(parent.blocker);
  });
});
