import { describe, expect, it } from 'vitest';

import { takeSnapshot } from '../../codec/value-snapshot.ts';
import { ClockMirror } from '../../freshness/clock-mirror.ts';
import { NearCache, nearTable } from '../../near-cache/near-cache.ts';
import { manualClock } from '../../testing/manual-clock.ts';
import type { ClockFeeds } from './clock-feeds.ts';
import { ClockProof } from './clock-proof.ts';
import { CopyProof } from './copy-proof.ts';
import { KeyLayout } from './key-layout.ts';

const ADDRESS = { key: 'cart' };

/** Keeps a copy that was valid at seq 5, and a proof of the mirror that stands there. */
function givenProof() {
  const clock = manualClock();
  const layout = new KeyLayout('shop', 2);
  const near = new NearCache(nearTable(10, Infinity));
  const mirror = new ClockMirror(() => undefined);
  mirror.start('epoch', 5, 0);
  const feeds = {
    judge: (copy, _, declared) => mirror.valid({ ...copy, tags: [...copy.watched, ...declared] }),
  } as Pick<ClockFeeds, 'judge'> as ClockFeeds;
  const slot = layout.entry(ADDRESS);
  const keep = (): void => {
    const times = { storedAt: clock.now(), freshUntil: clock.now() + 1_000, expiresAt: clock.now() + 1_000, loadMs: 1 };
    const tags = ['=g:cart/'];
    const parts = { id: 'id', epoch: 'epoch', seq: 5, tags, watched: tags, home: slot, local: undefined, ...times };
    near.set({ ...ADDRESS, session: undefined, snapshot: takeSnapshot('3 items', 'copy'), ...parts });
  };
  keep();
  const parts = { near, feeds, clock };
  const proof = new CopyProof(parts, new ClockProof(mirror), slot.partition, undefined);
  const other = layout.partitions.find((partition) => partition !== slot.partition)!;
  return { clock, keep, mirror, near, other, parts, proof, slot };
}

describe('a proof of copies', () => {
  it('shows a copy until it is invalidated or its time is over', async () => {
    const { clock, keep, mirror, proof } = givenProof();
    expect(proof.peek(ADDRESS)?.snapshot.open()).toBe('3 items');
    await clock.advance(1_000);
    expect(proof.peek(ADDRESS)).toBeUndefined();
    keep();
    expect(proof.peek(ADDRESS)).toBeDefined();
    mirror.invalidated('epoch', 6, ['=g:cart/']);
    expect(proof.peek(ADDRESS)).toBeUndefined();
  });

  it('shows nothing that is judged by another clock', () => {
    const { mirror, other, parts, proof, slot } = givenProof();
    expect(new CopyProof(parts, new ClockProof(mirror), other, undefined).peek(ADDRESS)).toBeUndefined();
    expect(new CopyProof(parts, new ClockProof(mirror), slot.partition, '7').peek(ADDRESS)).toBeUndefined();
    expect(proof.peek(ADDRESS)).toBeDefined();
  });

  it('shows nothing once the mirror has begun anew, though by that one the copy looks valid', () => {
    const { mirror, parts, proof, slot } = givenProof();
    mirror.start('epoch', 5, 0);
    expect(new CopyProof(parts, new ClockProof(mirror), slot.partition, undefined).peek(ADDRESS)).toBeDefined();
    expect(proof.peek(ADDRESS)).toBeUndefined();
  });

  it('lets go of a copy that is invalid, and of none that only lacks what this reader declares', () => {
    const { mirror, near, clock, proof } = givenProof();
    mirror.invalidated('epoch', 6, ['=g:prices/']);
    expect(proof.peek(ADDRESS, ['=g:prices/'])).toBeUndefined();
    expect(near.get('cart', clock.now())).toBeDefined();
    mirror.invalidated('epoch', 7, ['=g:cart/']);
    expect(proof.peek(ADDRESS)).toBeUndefined();
    expect(near.get('cart', clock.now())).toBeUndefined();
  });
});
