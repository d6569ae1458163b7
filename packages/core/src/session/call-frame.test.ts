import { describe, expect, it } from 'vitest';

import { CallFrame } from './call-frame.ts';
import { GLOBAL_PLACE, sessionPlace, userPlace } from './place.ts';

const [ADA, BOB] = [userPlace('ada'), userPlace('bob')];
const OF_ADA = sessionPlace({ id: 's', opening: '1' }, 'ada');

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

  it('gathers the tags of what was read inside, and knows who may see it', () => {
    const frame = new CallFrame('key', 'tool', undefined);
    frame.absorb(['a', 'b'], GLOBAL_PLACE);
    expect(frame.privateTo(GLOBAL_PLACE)).toBeUndefined();
    frame.absorb(['b', 'c'], ADA);
    expect([...frame.tags]).toEqual(['a', 'b', 'c']);
    expect([frame.privateTo(GLOBAL_PLACE), frame.privateTo(BOB)]).toEqual([ADA, ADA]);
    expect([frame.privateTo(ADA), frame.privateTo(userPlace('ada')), frame.privateTo(OF_ADA)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    frame.absorb(['d'], OF_ADA);
    expect(frame.privateTo(OF_ADA)).toBeUndefined();
    expect(frame.privateTo(sessionPlace({ id: 's', opening: 'a later one' }, 'ada'))).toBe(OF_ADA);
  });

  it('takes over what a call inside it depends on once that is over, and nothing before', () => {
    const parent = new CallFrame('key', 'tool', undefined);
    const inner = new CallFrame('inner', 'inner', parent);
    inner.absorb(['a'], ADA);
    inner.isOpaque = true;
    expect([[...parent.tags], parent.isOpaque]).toEqual([[], false]);
    parent.absorbCall(inner);
    expect([[...parent.tags], parent.isOpaque, parent.privateTo(BOB)]).toEqual([['a'], true, ADA]);
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
