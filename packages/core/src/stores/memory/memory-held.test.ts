import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { takeSnapshot } from '../../codec/value-snapshot.ts';
import type { EntryAddress, EntryDraft, EntryStore } from '../../store/entry-store.ts';
import { manualClock } from '../../testing/manual-clock.ts';
import { memoryStore } from './memory-store.ts';

const KEYS = ['a', 'b', 'c', 'd'];

function draftOf(value: unknown, ttlMs: number): EntryDraft {
  return { snapshot: takeSnapshot(value, 'copy'), tags: ['tag'], ttlMs, retainMs: 0, loadMs: 0, local: undefined };
}

function keptAddress(key: string): EntryAddress {
  return { key, held: null };
}

describe('an address that keeps what the memory store holds', () => {
  it('leads to what a search leads to, whatever happens to the entries and their bounds', async () => {
    const step = fc.record({
      what: fc.constantFrom('put', 'put', 'load', 'delete', 'peek', 'invalidate', 'clear', 'sweep'),
      key: fc.nat({ max: KEYS.length - 1 }),
      by: fc.nat({ max: 1 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const clock = manualClock();
        const store = memoryStore({ clock, maxEntries: 3, sweepInterval: 10 });
        const entries = store.entries('shop', { maxStalenessMs: 0 });
        // Two for each key: the cache that keeps addresses may forget one, and make it again.
        const kept = KEYS.map((key) => [keptAddress(key), keptAddress(key)] as const);
        for (const [number, { what, key, by }] of steps.entries()) {
          const address = kept[key]![by]!;
          await act(entries, what, address, draftOf(number, number % 2 === 0 ? 5 : 500));
          if (what === 'sweep') await clock.advance(10);
          for (const each of kept.flat()) {
            const found = entries.peek({ key: each.key });
            expect(entries.peek(each)).toBe(found);
            expect(await entries.inspect(each)).toEqual(await entries.inspect({ key: each.key }));
          }
        }
        await store.close();
      }),
      { numRuns: 300 },
    );
  });

  it('keeps nothing that is gone, so that an evicted value can be collected', async () => {
    const entries = memoryStore({ maxEntries: 1 }).entries('shop', { maxStalenessMs: 0 });
    const address = keptAddress('a');
    await entries.put(address, draftOf('value', 1000));
    expect(entries.peek(address)).toBeDefined();
    expect(address.held).not.toBe(null);
    await entries.put({ key: 'b' }, draftOf('other', 1000));
    expect(address.held).toBe(null);
  });

  it('never hands over what another namespace or store keeps there', async () => {
    const store = memoryStore();
    const address = keptAddress('a');
    const [one, other] = [
      store.entries('one', { maxStalenessMs: 0 }),
      memoryStore().entries('one', { maxStalenessMs: 0 }),
    ];
    await one.put(address, draftOf('of one', 1000));
    expect(one.peek(address)?.snapshot.open()).toBe('of one');
    expect(other.peek(address)).toBeUndefined();
    expect(store.entries('two', { maxStalenessMs: 0 }).peek(address)).toBeUndefined();
  });
});

async function act(entries: EntryStore, what: string, address: EntryAddress, draft: EntryDraft): Promise<void> {
  if (what === 'put') await entries.put(address, draft);
  if (what === 'delete') await entries.delete(address);
  if (what === 'invalidate') await entries.invalidate(['tag']);
  if (what === 'clear') await entries.clear();
  if (what !== 'load') return;
  const acquired = await entries.acquire({ address, tags: ['tag'], isolation: 'copy', refresh: true });
  if (acquired.kind === 'lead') await entries.commit(acquired.lease, draft);
}
