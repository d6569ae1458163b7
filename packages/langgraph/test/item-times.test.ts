import { memoryStore } from '@keepstep/core';
import { manualClock } from '@keepstep/core/testing';
import { describe, expect, it } from 'vitest';

import { KeepstepStore } from '../src/index.ts';
import { embedWords } from './item-model.ts';
import { looseBatch } from './loose-batch.ts';

const index = { dims: 2, embeddings: embedWords, fields: ['word'] };

describe('the time of an item', () => {
  const start = 1_700_000_000_000;

  it('is over for everybody at once, and begins again with each put', async () => {
    const clock = manualClock(start);
    const store = new KeepstepStore({ store: memoryStore({ clock }), ttl: '1m', index });
    await store.put(['a', 'b'], 'key', { word: 'red' });
    await clock.advance(50_000);
    await store.put(['a', 'b'], 'key', { word: 'red' });
    await clock.advance(50_000);
    expect(await store.get(['a', 'b'], 'key')).toMatchObject({
      createdAt: new Date(start),
      updatedAt: new Date(start + 50_000),
    });
    await clock.advance(10_000);
    const nothing = await looseBatch(
      store,
      { namespace: ['a', 'b'], key: 'key' },
      { namespacePrefix: [] },
      { namespacePrefix: [], query: 'red' },
      { matchConditions: undefined },
    );
    expect(nothing).toEqual([null, [], [], []]);
    await store.put(['a', 'b'], 'key', { word: 'red' });
    expect(await store.get(['a', 'b'], 'key')).toMatchObject({ createdAt: new Date(start + 110_000) });
  });

  it('begins again with a read of the item if that is asked for, and only then', async () => {
    for (const refreshOn of ['put', 'read'] as const) {
      const clock = manualClock(start);
      const store = new KeepstepStore({ store: memoryStore({ clock }), ttl: '1m', refreshOn, index });
      for (const key of ['got', 'found', 'near', 'other']) {
        await store.put(['a', key], 'key', { word: key === 'near' ? 'red' : 'far' });
      }
      await clock.advance(40_000);
      await store.get(['a', 'got'], 'key');
      await store.search(['a', 'found']);
      await store.search(['a'], { query: 'red', limit: 1 });
      await store.listNamespaces();
      await clock.advance(40_000);
      const expected = refreshOn === 'put' ? [] : ['found', 'got', 'near'];
      expect((await store.listNamespaces()).map(([, key]) => key)).toEqual(expected);
      // The vectors live as long.
      const [nearest] = await store.search(['a'], { query: 'red' });
      expect(nearest?.score).toEqual(refreshOn === 'put' ? undefined : expect.closeTo(1, 5));
      await clock.advance(60_000);
      expect(await store.listNamespaces()).toEqual([]);
    }
  });

  it('never ends without a ttl', async () => {
    const clock = manualClock(start);
    const store = new KeepstepStore({ store: memoryStore({ clock }), refreshOn: 'read' });
    await store.put(['a'], 'key', {});
    await clock.advance(10 * 365 * 86_400_000);
    expect(await store.get(['a'], 'key')).not.toBeNull();
  });
});
