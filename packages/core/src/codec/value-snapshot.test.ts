import { describe, expect, it } from 'vitest';

import { decodeValue } from './value-codec.ts';
import { restoreSnapshot, snapshotText } from './snapshot-text.ts';
import { takeSnapshot } from './value-snapshot.ts';

class Connection {
  readonly port = 1;
}

const plain = () => ({ id: 1, tags: ['a'], seller: { name: 'b' } });
const rich = () => ({ ...plain(), at: new Date(1), bytes: Uint8Array.of(1), seen: new Map([['a', { count: 1 }]]) });

describe.each([
  ['plain', plain],
  ['rich', rich],
])('copy of a %s value', (_, create) => {
  it('does not change with what the producer does later', () => {
    const value = create();
    const snapshot = takeSnapshot(value, 'copy');
    value.tags.push('later');
    value.seller.name = 'later';
    expect(snapshot.open()).toEqual(create());
  });

  it('does not change with what a reader does', () => {
    const snapshot = takeSnapshot(create(), 'copy');
    const first = snapshot.open() as ReturnType<typeof create>;
    first.tags.push('changed');
    Object.assign(first.seller, { name: 'changed' });
    expect(snapshot.open()).toEqual(create());
    expect(snapshotText(snapshot)).toBe(snapshotText(takeSnapshot(create(), 'copy')));
  });

  it('stays apart when it is restored from text', () => {
    const snapshot = restoreSnapshot(snapshotText(takeSnapshot(create(), 'copy')), 'copy');
    const first = snapshot.open() as ReturnType<typeof create>;
    first.tags.push('changed');
    expect(snapshot.open()).toEqual(create());
  });
});

describe('copy', () => {
  it('hands out bytes, dates, maps and sets of its own', () => {
    const value = [new Date(1), Uint8Array.of(1), Buffer.from('a'), new Set([1]), new Map([[1, 1]])] as const;
    const snapshot = takeSnapshot(value, 'copy');
    const [date, bytes, buffer, set, map] = snapshot.open() as typeof value;
    date.setTime(2);
    bytes[0] = 2;
    buffer[0] = 2;
    set.add(2);
    map.clear();
    expect(snapshot.open()).toEqual(value);
  });

  it('shares in the copy what is shared in the value', () => {
    const shared = { a: new Date(1) };
    const cycle: unknown[] = [shared, shared];
    cycle.push(cycle);
    const copy = takeSnapshot(cycle, 'copy').open() as unknown[];
    expect(copy[0]).toBe(copy[1]);
    expect(copy[0]).not.toBe(shared);
    expect(copy[2]).toBe(copy);
  });

  it('copies an own key __proto__ as a property, at any depth', () => {
    const text = '{"__proto__":{"admin":true},"a":[{"__proto__":{"__proto__":1}}]}';
    const copy = takeSnapshot(JSON.parse(text), 'copy').open() as { admin?: boolean };
    expect(copy.admin).toBeUndefined();
    expect(JSON.stringify(copy)).toBe(text);
  });

  it('takes nothing from a prototype that somebody has added to', () => {
    const snapshot = takeSnapshot({ b: { c: 1 } }, 'copy');
    Reflect.defineProperty(Object.prototype, 'added', { value: { a: 1 }, configurable: true, enumerable: true });
    const copy = snapshot.open();
    Reflect.deleteProperty(Object.prototype, 'added');
    expect(copy).toEqual({ b: { c: 1 } });
  });
});

describe('freeze', () => {
  it('hands out one deeply frozen object, and leaves the original alone', () => {
    const value = plain();
    const snapshot = takeSnapshot(value, 'freeze');
    const opened = snapshot.open() as typeof value;
    expect(snapshot.open()).toBe(opened);
    expect(opened).not.toBe(value);
    expect([opened, opened.tags, opened.seller].every(Object.isFrozen)).toBe(true);
    expect([value, value.tags, value.seller].some(Object.isFrozen)).toBe(false);
  });

  it('freezes cycles, shared objects and objects without a prototype', () => {
    const shared = Object.assign(Object.create(null), { inner: {} });
    const cycle: unknown[] = [shared, { shared }];
    cycle.push(cycle);
    const opened = takeSnapshot(cycle, 'freeze').open() as [{ inner: object }, { shared: object }];
    expect([opened, opened[0], opened[0].inner, opened[1]].every(Object.isFrozen)).toBe(true);
  });

  it('copies a value that cannot be frozen', () => {
    const snapshot = takeSnapshot(rich(), 'freeze');
    const opened = snapshot.open() as ReturnType<typeof rich>;
    opened.at.setTime(2);
    opened.tags.push('changed');
    expect(snapshot.open()).toEqual(rich());
  });

  it('freezes what it restores from text', () => {
    expect(Object.isFrozen(restoreSnapshot('j{"a":1}', 'freeze').open())).toBe(true);
  });
});

describe('share', () => {
  it('hands out the very object, whatever it is', () => {
    for (const value of [new Connection(), plain(), () => 1, Symbol('a'), [new Connection()]]) {
      const snapshot = takeSnapshot(value, 'share');
      expect(snapshot.open()).toBe(value);
      expect(snapshot.bytes).toBeGreaterThan(0);
    }
  });

  it('restores one object for all readers', () => {
    const snapshot = restoreSnapshot('j{"a":1}', 'share');
    expect(snapshot.open()).toBe(snapshot.open());
  });

  it('gives the text of plain data, and refuses anything else only when the text is asked for', () => {
    expect(decodeValue(snapshotText(takeSnapshot(rich(), 'share')))).toEqual(rich());
    const snapshot = takeSnapshot({ connection: new Connection() }, 'share');
    expect(() => snapshotText(snapshot)).toThrow('Cannot encode an instance of Connection at $.connection.');
  });

  it('runs no getter to estimate the size', () => {
    const value = {
      get lazy(): never {
        throw new Error('The getter ran.');
      },
    };
    expect(takeSnapshot(value, 'share').bytes).toBeGreaterThan(0);
  });
});

describe('bytes', () => {
  it.each([
    ['a', 18],
    [1, 8],
    [null, 8],
    [2n ** 64n, 24.5],
    [[], 16],
    [{ ab: 'c' }, 16 + 20 + 18],
    [new Uint8Array(1_000).subarray(900), 116],
  ])('estimates %o at %d', (value, expected) => {
    expect(takeSnapshot(value, 'copy').bytes).toBe(expected);
  });

  it.each(['copy', 'freeze', 'share'] as const)('is the same after a trip through text: %s', (isolation) => {
    const snapshot = takeSnapshot(rich(), isolation);
    expect(restoreSnapshot(snapshotText(snapshot), isolation).bytes).toBe(snapshot.bytes);
  });

  it('counts a shared object once', () => {
    const large = 'x'.repeat(1_000);
    const shared = { large };
    const once = takeSnapshot([shared], 'copy').bytes;
    expect(takeSnapshot([shared, shared, shared], 'copy').bytes).toBeLessThan(once + 100);
  });
});

describe('restoreSnapshot', () => {
  it.each(['', 'x', 'j{"a":1', 'd[["RegExp","a"]]'])('throws for %j, which is never written', (text) => {
    expect(() => restoreSnapshot(text, 'copy')).toThrow(Error);
  });

  it('refuses a text nested too deeply to be read with safety', () => {
    expect(() => restoreSnapshot(`j${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'share')).toThrow(
      'Cannot encode nesting deeper than 500',
    );
  });
});
