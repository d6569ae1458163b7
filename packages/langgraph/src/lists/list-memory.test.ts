import { describe, expect, it } from 'vitest';

import { ListMemory, type ListPlace } from './list-memory.ts';
import { RememberedList } from './remembered-list.ts';

function place(thread: string, channel = 'list', namespace = ''): ListPlace {
  return { thread, namespace, channel };
}

function listOf(...elements: readonly unknown[]): RememberedList {
  const list = new RememberedList();
  for (const element of elements) list.add(String(element), [element], [[]]);
  return list;
}

describe('ListMemory', () => {
  it('hands a list to one at a time', () => {
    const memory = new ListMemory();
    const list = listOf('a', 'b');
    memory.keep(place('thread'), list);
    expect(memory.take(place('thread'), 'a')).toBe(list);
    expect(memory.take(place('thread'), 'a').length).toBe(0);
    expect(memory.take(place('other'), 'a').length).toBe(0);
  });

  it('hands out a copy of the longest list of the thread that begins in the same way, where a place has none', () => {
    const memory = new ListMemory();
    memory.keep(place('thread'), listOf('a', 'b', 'c'));
    memory.keep(place('thread', 'short'), listOf('a'));
    memory.keep(place('thread', 'else'), listOf('x', 'b', 'c', 'd'));
    memory.keep(place('other'), listOf('a', 'b', 'c', 'd'));
    const copy = memory.take(place('thread', 'list', 'child'), 'a');
    expect([copy.length, copy.digestOf(2)]).toEqual([3, 'c']);
    copy.cut(1);
    copy.add('d', ['d'], [[]]);
    const own = memory.take(place('thread'), 'a');
    expect([own.length, own.sameFrom(0, ['a', 'b', 'c'])]).toEqual([3, 3]);
  });

  it('hands out the list of a place also when it begins with another element: its pieces may still be the same', () => {
    const memory = new ListMemory();
    memory.keep(place('thread'), listOf('a', 'b'));
    expect(memory.take(place('thread'), 'x').length).toBe(2);
  });

  it('forgets the threads that were used least recently when there is too much, and one that is too large at once', () => {
    const memory = new ListMemory(30);
    for (const thread of ['a', 'b', 'c']) memory.keep(place(thread), listOf(1, 2));
    memory.keep(place('a'), memory.take(place('a'), 1));
    memory.keep(place('d'), listOf(1, 2));
    const lengths = ['a', 'b', 'c', 'd'].map((thread) => memory.take(place(thread), 1).length);
    expect(lengths).toEqual([2, 0, 2, 2]);
    memory.keep(place('large'), listOf(...Array.from({ length: 8 }, (_, index) => index)));
    expect(memory.take(place('large'), 0).length).toBe(0);
    memory.keep(place('small'), listOf(1));
    expect(memory.take(place('small'), 1).length).toBe(1);
  });

  it('keeps no more than some lists of a thread, and none of one that is forgotten', () => {
    const memory = new ListMemory();
    for (let index = 0; index < 17; index += 1) memory.keep(place('thread', `channel ${index}`), listOf(index));
    expect(memory.take(place('thread', 'channel 0'), 0).length).toBe(0);
    expect(memory.take(place('thread', 'channel 16'), 16).length).toBe(1);
    memory.keep(place('other'), listOf(1));
    memory.forget('thread');
    expect(memory.take(place('thread', 'channel 5'), 5).length).toBe(0);
    expect(memory.take(place('other'), 1).length).toBe(1);
  });

  it('counts no list twice that is put in place of another one', () => {
    const memory = new ListMemory(20);
    memory.keep(place('kept'), listOf(1));
    for (let round = 0; round < 100; round += 1) memory.keep(place('thread'), listOf(1, 2));
    expect(memory.take(place('kept'), 1).length).toBe(1);
  });
});
