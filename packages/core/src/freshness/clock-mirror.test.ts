import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { manualClock } from '../testing/manual-clock.ts';
import { BARRIER, ClockMirror, type ClockReading } from './clock-mirror.ts';
import { TagClock } from './tag-clock.ts';

function mirrorAt(seq: number): ClockMirror {
  const mirror = new ClockMirror(() => undefined);
  mirror.start('e1', seq, 0);
  return mirror;
}

function copy(seq: number, ...tags: string[]) {
  return { epoch: 'e1', seq, tags };
}

function reading(seq: number, moved: ClockReading['moved'], rest: Partial<ClockReading> = {}): ClockReading {
  return { epoch: 'e1', seq, moved, ...rest };
}

describe('a mirror of a clock', () => {
  it('judges a copy by the invalidations that came after it', () => {
    const mirror = mirrorAt(5);
    expect(mirror.valid(copy(5, 'cart'))).toBe(true);
    mirror.read(reading(7, [['cart', 7]]), 5);
    expect(mirror.valid(copy(5, 'cart'))).toBe(false);
    expect(mirror.valid(copy(5, 'order'))).toBe(true);
    expect(mirror.valid(copy(7, 'cart'))).toBe(true);
  });

  it('judges no copy from before it began, nor of another epoch', () => {
    const mirror = mirrorAt(5);
    expect(mirror.valid(copy(4))).toBe(false);
    expect(mirror.valid({ ...copy(5), epoch: 'e2' })).toBe(false);
    mirror.reset();
    expect(mirror.valid(copy(5))).toBe(false);
  });

  it('drops all copies when the clock is another one, or has lost something', () => {
    for (const lost of [{ ...reading(9, []), epoch: 'e2' }, reading(4, [])]) {
      const resets: string[] = [];
      const mirror = new ClockMirror((epoch) => resets.push(epoch));
      mirror.start('e1', 5, 0);
      expect(mirror.read(lost, 5)).toBe(false);
      expect([resets, mirror.epoch]).toEqual([['e1'], undefined]);
    }
  });

  it('takes a reply for no loss that a message has overtaken', () => {
    const mirror = mirrorAt(5);
    mirror.pushed('e1', 6, ['cart'], 6);
    expect(mirror.read(reading(5, []), 5)).toBe(true);
    expect(mirror.valid(copy(5, 'cart'))).toBe(false);
    expect(mirror.applied).toBe(6);
  });

  it('moves on by the next message in line only, so that none is missed', () => {
    const mirror = mirrorAt(5);
    mirror.pushed('e1', 7, ['cart'], 7);
    mirror.pushed('e2', 6, ['cart'], 6);
    expect(mirror.applied).toBe(5);
    mirror.pushed('e1', 6, ['order'], 6);
    expect(mirror.applied).toBe(6);
  });

  it('serves nothing from below either floor', () => {
    for (const rest of [{ floor: 8 }, { copyFloor: 8 }]) {
      const mirror = mirrorAt(5);
      mirror.read(reading(9, [], rest), 5);
      expect([mirror.valid(copy(7)), mirror.valid(copy(8))]).toEqual([false, true]);
    }
    const mirror = mirrorAt(5);
    mirror.cleared('e1', 8);
    expect([mirror.valid(copy(7)), mirror.valid(copy(8))]).toEqual([false, true]);
  });

  it('holds a copy up for as long as a barrier stands, and lets the invalidation that ends it take its place', () => {
    const mirror = mirrorAt(5);
    mirror.read(reading(6, [['cart', BARRIER + 1_000]]), 5);
    expect(mirror.valid(copy(900, 'cart'))).toBe(false);
    mirror.read(reading(7, [['cart', 7]]), 6);
    expect([mirror.valid(copy(6, 'cart')), mirror.valid(copy(7, 'cart'))]).toEqual([false, true]);
  });

  it('does not let a reply from before a barrier of its own end it', () => {
    const mirror = mirrorAt(5);
    mirror.heldUp('e1', 8, ['cart'], 1_000);
    mirror.read(reading(7, [['cart', 7]]), 5);
    expect(mirror.valid(copy(7, 'cart'))).toBe(false);
    mirror.invalidated('e1', 9, ['cart']);
    expect([mirror.valid(copy(8, 'cart')), mirror.valid(copy(9, 'cart'))]).toEqual([false, true]);
  });

  it('starts anew rather than grow without bound', () => {
    let resets = 0;
    const mirror = new ClockMirror(() => void (resets += 1));
    mirror.start('e1', 0, 0);
    mirror.read(
      reading(
        60_000,
        Array.from({ length: 60_000 }, (_, index) => [`tag ${index}`, index] as const),
      ),
      0,
    );
    expect(resets).toBe(1);
    expect([mirror.valid(copy(59_999)), mirror.valid(copy(60_000))]).toEqual([false, true]);
  });

  it('never calls a copy valid that the clock itself calls dead, however readings and messages interleave', () => {
    const tag = fc.constantFrom('a', 'b', 'c');
    const step = fc.oneof(
      fc.record({ do: fc.constant('invalidate' as const), tag, isHeard: fc.boolean() }),
      fc.record({ do: fc.constant('clear' as const) }),
      fc.record({ do: fc.constant('copy' as const), tag }),
      fc.record({ do: fc.constant('read' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const clock = new TagClock(1_000, manualClock());
        const mirror = mirrorAt(clock.stamp());
        const scores = new Map<string, number>();
        let floor = 0;
        const copies: { seq: number; tags: string[] }[] = [];
        for (const next of steps) {
          if (next.do === 'invalidate') {
            clock.invalidate([next.tag]);
            scores.set(next.tag, clock.stamp());
            if (next.isHeard) mirror.pushed('e1', clock.stamp(), [next.tag], clock.stamp());
          } else if (next.do === 'clear') {
            clock.clear();
            floor = clock.stamp();
          } else if (next.do === 'copy') {
            copies.push({ seq: clock.stamp(), tags: [next.tag] });
          } else {
            const { applied } = mirror;
            const moved = [...scores].filter(([, score]) => score > applied);
            mirror.read(reading(clock.stamp(), moved, { floor }), applied);
            for (const each of copies) {
              expect(mirror.valid({ epoch: 'e1', ...each })).toBe(clock.valid(each.seq, each.tags));
            }
          }
        }
      }),
    );
  });

  it('forgets its copies when an invalidation of its own meets another clock', () => {
    const mirror = new ClockMirror(() => undefined);
    const kept = { epoch: 'e1', seq: 5, tags: ['a'] };
    for (const meet of [
      () => mirror.invalidated('e2', 2, ['a']),
      () => mirror.heldUp('e2', 2, ['a'], 1000),
      () => mirror.cleared('e2', 2),
    ]) {
      mirror.start('e1', 5, 1);
      expect(mirror.valid(kept)).toBe(true);
      meet();
      expect(mirror.valid(kept)).toBe(false);
    }
  });
});
