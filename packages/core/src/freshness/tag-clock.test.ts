import { describe, expect, it } from 'vitest';

import { manualClock } from '../testing/manual-clock.ts';
import { TagClock } from './tag-clock.ts';

function given({ maxTags = 1_000 } = {}) {
  const clock = manualClock(1_700_000_000_000);
  const tagClock = new TagClock(maxTags, clock);
  const deadline = (ms: number): number => clock.now() + ms;
  return { clock, tagClock, deadline };
}

describe('a tag clock', () => {
  it('finds valid what no invalidation has touched', () => {
    const { tagClock } = given();
    const stamp = tagClock.stamp();
    expect(tagClock.valid(stamp, [])).toBe(true);
    expect(tagClock.valid(stamp, ['cart', 'order'])).toBe(true);
  });

  it('finds invalid what was loaded before an invalidation of any of its tags', () => {
    const { tagClock } = given();
    const before = tagClock.stamp();
    tagClock.invalidate(['cart', 'price']);
    expect(tagClock.valid(before, ['cart'])).toBe(false);
    expect(tagClock.valid(before, ['order', 'price'])).toBe(false);
    expect(tagClock.valid(before, ['order'])).toBe(true);
    expect(tagClock.valid(before, [])).toBe(true);
  });

  it('finds valid what was loaded after it', () => {
    const { tagClock } = given();
    tagClock.invalidate(['cart']);
    const after = tagClock.stamp();
    tagClock.invalidate(['order']);
    expect(tagClock.valid(after, ['cart'])).toBe(true);
    expect(tagClock.valid(after, ['cart', 'order'])).toBe(false);
  });

  it('gives every invalidation a later stamp, one without tags included', () => {
    const { tagClock } = given();
    const stamps = [tagClock.stamp()];
    for (const tags of [['cart'], ['cart'], []]) {
      tagClock.invalidate(tags);
      stamps.push(tagClock.stamp());
    }
    expect(stamps).toEqual([...new Set(stamps)].sort((one, other) => one - other));
  });

  it('finds invalid all that was loaded before a clear, whatever its tags', () => {
    const { tagClock } = given();
    const before = tagClock.stamp();
    tagClock.clear();
    const after = tagClock.stamp();
    expect(tagClock.valid(before, [])).toBe(false);
    expect(tagClock.valid(before, ['cart'])).toBe(false);
    expect(tagClock.valid(after, [])).toBe(true);
    expect(tagClock.valid(after, ['cart'])).toBe(true);
  });

  it('names the tag that made an entry invalid, and none where the floor did', () => {
    const { tagClock } = given();
    const before = tagClock.stamp();
    tagClock.invalidate(['price']);
    expect(tagClock.culprit(before, ['cart', 'price'])).toBe('price');
    expect(tagClock.culprit(before, ['cart'])).toBeUndefined();
    expect(tagClock.culprit(tagClock.stamp(), ['price'])).toBeUndefined();
    tagClock.clear();
    expect(tagClock.culprit(before, ['cart'])).toBeUndefined();
  });

  it('changes its version with everything that can make something invalid', async () => {
    const { tagClock, clock, deadline } = given({ maxTags: 2 });
    const versions = [tagClock.version];
    const changes: readonly (() => void)[] = [
      () => tagClock.invalidate(['cart']),
      () => tagClock.clear(),
      () => tagClock.open(['cart'], 'write', deadline(10)),
      () => tagClock.open(['cart'], 'write', deadline(20)),
      () => tagClock.close(['cart'], 'write'),
      () => tagClock.invalidate(['a', 'b', 'c', 'd']),
    ];
    for (const change of changes) {
      change();
      expect(versions).not.toContain(tagClock.version);
      versions.push(tagClock.version);
    }
    tagClock.open(['cart'], 'dead', deadline(10));
    await clock.advance(11);
    const { version } = tagClock;
    tagClock.valid(tagClock.stamp(), ['order']);
    expect(tagClock.version).toBe(version);
    tagClock.valid(tagClock.stamp(), ['cart']);
    expect(tagClock.version).not.toBe(version);
  });

  it('forgets the tags of a session that has ended', () => {
    const { tagClock, deadline } = given();
    tagClock.invalidate(['s:1', 'cart']);
    tagClock.open(['s:2'], 'write', deadline(1_000));
    tagClock.forget(['s:1', 's:2', 'unknown']);
    expect(tagClock.size).toBe(1);
    expect(tagClock.valid(tagClock.stamp(), ['s:1', 's:2'])).toBe(true);
  });
});

describe('a barrier of a tag clock', () => {
  it('makes its tags invalid for every stamp, taken before or during it', () => {
    const { tagClock, deadline } = given();
    const before = tagClock.stamp();
    tagClock.open(['cart'], 'write', deadline(1_000));
    const during = tagClock.stamp();
    for (const stamp of [before, during]) {
      expect(tagClock.valid(stamp, ['cart'])).toBe(false);
      expect(tagClock.valid(stamp, ['order'])).toBe(true);
    }
  });

  it('leaves an invalidation behind when it is closed', () => {
    const { tagClock, deadline } = given();
    tagClock.open(['cart'], 'write', deadline(1_000));
    const during = tagClock.stamp();
    tagClock.close(['cart'], 'write');
    expect(tagClock.valid(during, ['cart'])).toBe(false);
    expect(tagClock.valid(tagClock.stamp(), ['cart'])).toBe(true);
  });

  it('stands until its deadline, and leaves an invalidation behind after it', async () => {
    const { tagClock, clock, deadline } = given();
    tagClock.open(['cart'], 'write', deadline(100));
    await clock.advance(100);
    expect(tagClock.valid(tagClock.stamp(), ['cart'])).toBe(false);
    await clock.advance(1);
    const during = tagClock.stamp();
    expect(tagClock.valid(during, ['cart'])).toBe(false);
    expect(tagClock.valid(during, ['cart'])).toBe(false);
    expect(tagClock.valid(tagClock.stamp(), ['cart'])).toBe(true);
  });

  it('turns every tag whose time is over into an invalidation, however many are asked about at once', async () => {
    const { tagClock, clock, deadline } = given();
    tagClock.open(['cart', 'price', 'stock'], 'write', deadline(100));
    await clock.advance(101);
    const tags = ['cart', 'price', 'stock'];
    expect(tagClock.valid(tagClock.stamp(), tags)).toBe(false);
    expect(tagClock.valid(tagClock.stamp(), tags)).toBe(true);
  });

  it('stands until the last of its holders is done', () => {
    const { tagClock, deadline } = given();
    tagClock.open(['cart'], 'one', deadline(1_000));
    tagClock.open(['cart', 'order'], 'two', deadline(500));
    tagClock.close(['cart'], 'one');
    expect(tagClock.valid(tagClock.stamp(), ['cart'])).toBe(false);
    tagClock.close(['cart', 'order'], 'two');
    expect(tagClock.valid(tagClock.stamp(), ['cart', 'order'])).toBe(true);
  });

  it.each([
    { first: 100, second: 200 },
    { first: 200, second: 100 },
  ])('lasts as long as the latest deadline of those who hold it still ($first, $second)', async ({ first, second }) => {
    const { tagClock, clock, deadline } = given();
    tagClock.open(['cart'], 'first', deadline(first));
    tagClock.open(['cart'], 'second', deadline(second));
    await clock.advance(150);
    expect(tagClock.valid(tagClock.stamp(), ['cart'])).toBe(false);
    tagClock.close(['cart'], first > second ? 'first' : 'second');
    expect(tagClock.valid(tagClock.stamp(), ['cart'])).toBe(true);
  });

  it('lasts longer when its holder opens it again', async () => {
    const { tagClock, clock, deadline } = given();
    tagClock.open(['cart'], 'write', deadline(100));
    await clock.advance(90);
    tagClock.open(['cart'], 'write', deadline(100));
    await clock.advance(90);
    expect(tagClock.valid(tagClock.stamp(), ['cart'])).toBe(false);
    tagClock.close(['cart'], 'write');
    expect(tagClock.valid(tagClock.stamp(), ['cart'])).toBe(true);
  });

  it('is not lowered by an invalidation or a clear', () => {
    const { tagClock, deadline } = given();
    tagClock.open(['cart'], 'write', deadline(1_000));
    tagClock.invalidate(['cart']);
    tagClock.clear();
    expect(tagClock.valid(tagClock.stamp(), ['cart'])).toBe(false);
  });

  it('counts as an invalidation when it is closed too late, or was never open', async () => {
    const { tagClock, clock, deadline } = given();
    tagClock.open(['cart'], 'write', deadline(100));
    await clock.advance(101);
    tagClock.valid(tagClock.stamp(), ['cart']);
    const after = tagClock.stamp();
    expect(tagClock.valid(after, ['cart'])).toBe(true);
    tagClock.close(['cart'], 'write');
    expect(tagClock.valid(after, ['cart'])).toBe(false);
    const last = tagClock.stamp();
    tagClock.close(['cart'], 'nobody');
    expect(tagClock.valid(last, ['cart'])).toBe(false);
    expect(tagClock.valid(tagClock.stamp(), ['cart'])).toBe(true);
  });

  it('can stand for ever', async () => {
    const { tagClock, clock } = given();
    tagClock.open(['cart'], 'write', Infinity);
    await clock.advance(1e12);
    expect(tagClock.valid(tagClock.stamp(), ['cart'])).toBe(false);
    tagClock.close(['cart'], 'write');
    expect(tagClock.valid(tagClock.stamp(), ['cart'])).toBe(true);
  });
});
