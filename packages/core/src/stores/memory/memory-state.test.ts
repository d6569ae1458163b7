import { describe, expect, it } from 'vitest';

import { manualClock } from '../../testing/manual-clock.ts';
import { StateClient } from '../../testing/state-client.ts';
import { MemoryState } from './memory-state.ts';
import { memoryStore } from './memory-store.ts';

describe('the state of the memory store', () => {
  it('lets go of what is over, and then sets no timer any more', async () => {
    const clock = manualClock(1_700_000_000_000);
    const client = new StateClient(new MemoryState(clock, 30_000));
    await client.documents().set('key', 'value', { ttlMs: 40_000 });
    await client.log().append(['entry'], { ttlMs: 40_000 });
    await client.runs.open('run', 1, 40_000);
    await client.locks.take('lock', 'token', 40_000);
    expect(clock.pending()).toBe(1);
    await clock.advance(30_000);
    expect(clock.pending()).toBe(1);
    await clock.advance(30_000);
    expect(clock.pending()).toBe(0);
  });

  it('sets no timer for what stays', async () => {
    const clock = manualClock();
    const client = new StateClient(new MemoryState(clock, 30_000));
    await client.documents().set('key', 'value');
    await client.log().append(['entry']);
    expect(clock.pending()).toBe(0);
  });

  it('forgets the fence of a key that has held nothing for a day', async () => {
    const clock = manualClock(1_700_000_000_000);
    const client = new StateClient(new MemoryState(clock, 30_000));
    await client.documents().set('key', 'value', { fence: 5, ttlMs: 1_000 });
    await clock.advance(2 * 86_400_000);
    expect(clock.pending()).toBe(0);
    await client.documents().set('key', 'value', { fence: 4 });
  });

  it('gives a fence that does not go back when the clock does', async () => {
    let now = 1_700_000_000_000;
    const client = new StateClient(new MemoryState({ now: () => now, after: () => () => undefined }, 30_000));
    const fence = await client.locks.take('lock', 'first');
    await client.locks.release('lock', 'first');
    now -= 3_600_000;
    expect(await client.locks.take('lock', 'second')).toBe(fence + 1);
  });

  it('gives a higher fence than a store that was there before', async () => {
    const clock = manualClock(1_700_000_000_000);
    const fence = await new StateClient(new MemoryState(clock, 30_000)).locks.take('lock', 'first');
    await clock.advance(1);
    expect(await new StateClient(new MemoryState(clock, 30_000)).locks.take('lock', 'second')).toBeGreaterThan(fence);
  });

  it('is the same for everybody who opens a namespace of the store, and ends its timer with the store', async () => {
    const clock = manualClock(1_700_000_000_000);
    const store = memoryStore({ clock });
    const [one, two] = await Promise.all([store.state?.('shop'), store.state?.('shop')]);
    expect(one).toBe(two);
    await one
      ?.documents('space')
      .apply('operation', [{ kind: 'set', key: 'key', content: { form: 'value', text: '' }, ttlMs: 1_000 }]);
    expect(clock.pending()).toBe(1);
    await store.close();
    expect(clock.pending()).toBe(0);
  });
});
