import { describe, expect, it } from 'vitest';

import { takeSnapshot } from '../codec/value-snapshot.ts';
import { NearCache, nearTable, type NearDraft } from './near-cache.ts';

function draft(key: string, rest: Partial<NearDraft> = {}): NearDraft {
  return {
    key,
    session: undefined,
    id: `id of ${key}`,
    epoch: 'e1',
    seq: 1,
    snapshot: takeSnapshot(`value of ${key}`, 'copy'),
    tags: [],
    watched: [],
    home: undefined,
    storedAt: 0,
    freshUntil: 1_000,
    expiresAt: 1_500,
    loadMs: 1,
    local: undefined,
    ...rest,
  };
}

describe('the copies of a namespace', () => {
  it('are there until their ttl and their retention are over', () => {
    const near = new NearCache(nearTable(10, 1e6));
    near.set(draft('cart'));
    expect(near.get('cart', 1_499)?.snapshot.open()).toBe('value of cart');
    expect(near.get('cart', 1_500)).toBeUndefined();
    expect(near.stats()).toEqual({ entries: 0, bytes: 0, evictions: 0, expirations: 1 });
  });

  it('give way to a newer copy of the same entry, which takes over that it is in use', () => {
    const near = new NearCache(nearTable(2, 1e6));
    near.set(draft('cart'));
    near.get('cart', 0);
    near.set(draft('cart', { id: 'newer' }));
    near.set(draft('order'));
    near.set(draft('page'));
    expect(near.get('cart', 0)?.id).toBe('newer');
    expect(near.get('order', 0)).toBeUndefined();
    expect(near.stats().evictions).toBe(1);
  });

  it('share their bounds with those of other namespaces', () => {
    const table = nearTable(2, 1e6);
    const [one, other] = [new NearCache(table), new NearCache(table)];
    one.set(draft('cart'));
    other.set(draft('cart'));
    other.set(draft('order'));
    expect([one.stats().entries, other.stats().entries]).toEqual([0, 2]);
  });

  it('leave out what is too large, and still hand it to the one who brings it', () => {
    const near = new NearCache(nearTable(10, 400));
    near.set(draft('cart'));
    expect(near.set(draft('cart', { snapshot: takeSnapshot('x'.repeat(1_000), 'copy') })).bytes).toBeGreaterThan(1_000);
    expect(near.get('cart', 0)).toBeUndefined();
  });

  it('go one by one, by a condition, or all at once, and leave no bytes behind', () => {
    const near = new NearCache(nearTable(10, 1e6));
    for (const key of ['a', 'b', 'c', 'd']) near.set(draft(key, { epoch: key === 'c' ? 'e2' : 'e1' }));
    near.delete('a');
    near.delete('absent');
    near.drop((copy) => copy.epoch === 'e2');
    expect(near.stats().entries).toBe(2);
    near.drop();
    expect([near.stats().entries, near.stats().bytes]).toEqual([0, 0]);
  });
});
