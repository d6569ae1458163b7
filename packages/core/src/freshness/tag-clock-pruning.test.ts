import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { manualClock } from '../testing/manual-clock.ts';
import { TagClock } from './tag-clock.ts';

const TAGS = Array.from({ length: 12 }, (_, index) => `tag ${index}`);

describe('a tag clock that remembers few tags', () => {
  it('remembers no more tags than it may', () => {
    const tagClock = new TagClock(10, manualClock());
    for (let index = 0; index < 1_000; index += 1) tagClock.invalidate([`tag ${index}`]);
    expect(tagClock.size).toBeLessThanOrEqual(10);
    tagClock.invalidate(Array.from({ length: 50 }, (_, index) => `other ${index}`));
    expect(tagClock.size).toBeLessThanOrEqual(10);
  });

  it('remembers no more tags than it may although writers have died behind their barriers', async () => {
    const clock = manualClock();
    const tagClock = new TagClock(10, clock);
    for (let index = 0; index < 100; index += 1) tagClock.open([`tag ${index}`], `write ${index}`, clock.now() + 1_000);
    await clock.advance(1_001);
    for (let index = 0; index < 100; index += 1) tagClock.invalidate([`other ${index}`]);
    expect(tagClock.size).toBeLessThanOrEqual(10);
  });

  it('keeps a barrier that stands, however many tags are invalidated after it', () => {
    const clock = manualClock();
    const tagClock = new TagClock(3, clock);
    tagClock.open(['cart'], 'write', clock.now() + 1_000);
    for (let index = 0; index < 100; index += 1) tagClock.invalidate([`tag ${index}`]);
    expect(tagClock.valid(tagClock.stamp(), ['cart'])).toBe(false);
    tagClock.close(['cart'], 'write');
    expect(tagClock.valid(tagClock.stamp(), ['cart'])).toBe(true);
  });

  it('forgets the tags that were invalidated longest ago, and keeps what was loaded since', () => {
    const tagClock = new TagClock(10, manualClock());
    const first = tagClock.stamp();
    for (const tag of TAGS.slice(0, 10)) tagClock.invalidate([tag]);
    const middle = tagClock.stamp();
    tagClock.invalidate(['tag 0']); // the oldest no longer
    const late = tagClock.stamp();
    tagClock.invalidate(['tag 10']);
    expect(tagClock.valid(first, ['never invalidated'])).toBe(false); // the price of forgetting: a miss
    expect(tagClock.valid(middle, ['never invalidated'])).toBe(true);
    expect(tagClock.valid(late, ['never invalidated'])).toBe(true);
    expect(tagClock.valid(late, ['tag 0'])).toBe(true);
    expect(tagClock.valid(late, ['tag 10'])).toBe(false);
  });

  it('finds nothing valid that a clock which forgets nothing finds invalid', () => {
    const tags = fc.uniqueArray(fc.constantFrom(...TAGS), { maxLength: 4 });
    const id = fc.constantFrom('write 1', 'write 2');
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('invalidate' as const), tags }) },
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('load' as const), tags }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('open' as const), tags, id, ms: fc.nat(30) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('close' as const), tags, id }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear' as const) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(20) }) },
    );
    let hits = 0;
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 20, maxLength: 80 }),
        fc.integer({ min: 1, max: 6 }),
        (steps, maxTags) => {
          let now = 0;
          const clock = { now: () => now, after: () => () => undefined };
          const [pruned, oracle] = [new TagClock(maxTags, clock), new TagClock(Infinity, clock)];
          const loads: { readonly stamps: readonly [number, number]; readonly tags: readonly string[] }[] = [];
          for (const done of steps) {
            if (done.kind === 'load') {
              // As a store does before it takes a stamp: a barrier whose time is over becomes an invalidation now.
              for (const tagClock of [pruned, oracle]) tagClock.valid(tagClock.stamp(), done.tags);
              loads.push({ stamps: [pruned.stamp(), oracle.stamp()], tags: done.tags });
            } else if (done.kind === 'pass') now += done.ms;
            else {
              for (const tagClock of [pruned, oracle]) {
                if (done.kind === 'invalidate') tagClock.invalidate(done.tags);
                else if (done.kind === 'open') tagClock.open(done.tags, done.id, now + done.ms);
                else if (done.kind === 'close') tagClock.close(done.tags, done.id);
                else tagClock.clear();
              }
            }
            for (const { stamps, tags: own } of loads) {
              const isValid = oracle.valid(stamps[1], own);
              const found = pruned.valid(stamps[0], own);
              if (found) hits += 1;
              expect(found && !isValid).toBe(false);
            }
          }
        },
      ),
      { numRuns: 1_000 },
    );
    expect(hits).toBeGreaterThan(1_000);
  });

  it('forgets nothing as long as it has room', () => {
    const tagClock = new TagClock(TAGS.length, manualClock());
    const before = tagClock.stamp();
    for (const tag of TAGS) tagClock.invalidate([tag]);
    for (const tag of TAGS) expect(tagClock.culprit(before, [tag])).toBe(tag);
    expect(tagClock.valid(before, ['never invalidated'])).toBe(true);
  });
});
