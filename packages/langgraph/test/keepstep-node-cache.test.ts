import { createToolCache, memoryStore } from '@keepstep/core';
import { faultyStore, manualClock } from '@keepstep/core/testing';
import { HumanMessage } from '@langchain/core/messages';
import { Annotation, START, StateGraph } from '@langchain/langgraph';
import type { CacheFullKey } from '@langchain/langgraph-checkpoint';
import { describe, expect, it } from 'vitest';

import { KeepstepNodeCache } from '../src/keepstep-node-cache.ts';

const key = (namespace: string[], name = 'key'): CacheFullKey => [namespace, name];

describe('KeepstepNodeCache', () => {
  it('returns what is there, in the order of the keys, and leaves out what is not', async () => {
    const cache = new KeepstepNodeCache();
    const [one, two, none] = [key(['a'], '1'), key(['a'], '2'), key(['a'], '3')];
    await cache.set([
      { key: two, value: [['xs', new HumanMessage({ content: 'hello', id: 'message' })]] },
      { key: one, value: new Uint8Array([1, 2]) },
    ]);
    const found = await cache.get([one, none, two]);
    expect(found.map((each) => each.key)).toEqual([one, two]);
    expect(found[0]?.value).toEqual(new Uint8Array([1, 2]));
    expect(found[1]?.value).toEqual([['xs', new HumanMessage({ content: 'hello', id: 'message' })]]);
    expect(await cache.get([])).toEqual([]);
  });

  it('keeps an entry for its ttl in seconds, for good without one, and not at all with none left', async () => {
    const clock = manualClock(1_700_000_000_000);
    const cache = new KeepstepNodeCache({ store: memoryStore({ clock }), clock });
    const keys = ['short', 'long', 'gone'].map((name) => key(['a'], name));
    const [short, long, gone] = keys as [CacheFullKey, CacheFullKey, CacheFullKey];
    await cache.set([{ key: gone, value: 1 }]);
    await cache.set([
      { key: short, value: 1, ttl: 2 },
      { key: long, value: 2 },
      { key: gone, value: 3, ttl: 0 },
    ]);
    expect((await cache.get(keys)).map(({ value }) => value)).toEqual([1, 2]);
    await clock.advance(2_000);
    expect((await cache.get(keys)).map(({ value }) => value)).toEqual([2]);
    await clock.advance(86_400_000);
    expect((await cache.get(keys)).map(({ value }) => value)).toEqual([2]);
  });

  it('clears one namespace and none that is joined, below or above it, or everything', async () => {
    const cache = new KeepstepNodeCache();
    const namespaces = [['a'], ['a', 'b'], ['a,b'], ['__proto__'], []];
    const keys = namespaces.map((namespace) => key(namespace));
    await cache.set(keys.map((each, value) => ({ key: each, value })));
    await cache.clear([['a', 'b']]);
    expect((await cache.get(keys)).map(({ value }) => value)).toEqual([0, 2, 3, 4]);
    await cache.clear([['a']]);
    expect((await cache.get(keys)).map(({ value }) => value)).toEqual([2, 3, 4]);
    await cache.clear([]);
    expect(await cache.get(keys)).toEqual([]);
  });

  it('keeps graphs apart that share a store, and leaves a tool cache on it alone', async () => {
    const store = memoryStore();
    const [one, other] = [
      new KeepstepNodeCache({ store, graph: 'one' }),
      new KeepstepNodeCache({ store, graph: 'other' }),
    ];
    const tools = createToolCache({ store });
    let loads = 0;
    const load = tools.read(async () => (loads += 1), { name: 'load', scope: 'global' });
    await load();
    await one.set([{ key: key(['a']), value: 1 }]);
    expect(await other.get([key(['a'])])).toEqual([]);
    await other.clear([]);
    expect(await one.get([key(['a'])])).toHaveLength(1);
    expect(await load()).toBe(1);
  });

  it('never fails a run when the store does, and says in events what went wrong', async () => {
    const store = faultyStore(memoryStore());
    const events: string[] = [];
    const cache = new KeepstepNodeCache({ store, onEvent: ({ type }) => events.push(type) });
    await cache.set([{ key: key(['a']), value: 1 }]);
    store.inject({ kind: 'reject' });
    expect(await cache.get([key(['a'])])).toEqual([]);
    await cache.set([
      { key: key(['a']), value: 2 },
      { key: key(['a'], 'other'), value: 3, ttl: 0 },
    ]);
    expect(events).toContain('store-error');
  });

  it('takes what cannot be read back for a miss', async () => {
    const store = memoryStore();
    await new KeepstepNodeCache({ store }).set([{ key: key(['a']), value: { odd: 1 } }]);
    const serde = {
      dumpsTyped: async () => ['x', new Uint8Array()] as [string, Uint8Array],
      loadsTyped: async () => Promise.reject(new Error('unknown')),
    };
    expect(await new KeepstepNodeCache({ store, serde }).get([key(['a'])])).toEqual([]);
  });

  it('leaves out what cannot be written, which is no error of the run', async () => {
    const serde = {
      dumpsTyped: async (value: unknown) => {
        if (value === 'odd') throw new Error('unknown');
        return ['x', new Uint8Array([1])] as [string, Uint8Array];
      },
      loadsTyped: async () => 'read',
    };
    const cache = new KeepstepNodeCache({ serde });
    const [odd, good] = [key(['a'], 'odd'), key(['a'], 'good')];
    await cache.set([
      { key: odd, value: 'odd' },
      { key: good, value: 'good' },
    ]);
    expect(await cache.get([odd, good])).toEqual([{ key: good, value: 'read' }]);
  });

  it('spares the second run of a node in a graph, until the graph clears its cache', async () => {
    let runs = 0;
    const State = Annotation.Root({ item: Annotation<string>(), price: Annotation<number>() });
    const graph = new StateGraph(State)
      .addNode('ask', () => ({ price: (runs += 1) }), { cachePolicy: { ttl: 60 } })
      .addEdge(START, 'ask')
      .compile({ cache: new KeepstepNodeCache() });
    expect(await graph.invoke({ item: 'laptop' })).toEqual({ item: 'laptop', price: 1 });
    expect(await graph.invoke({ item: 'laptop' })).toEqual({ item: 'laptop', price: 1 });
    expect(await graph.invoke({ item: 'mouse' })).toEqual({ item: 'mouse', price: 2 });
    await graph.clearCache();
    expect(await graph.invoke({ item: 'laptop' })).toEqual({ item: 'laptop', price: 3 });
  });

  it('refuses options that do not exist', () => {
    expect(() => new KeepstepNodeCache({ ttl: 1 } as object)).toThrow('"ttl"');
    expect(() => new KeepstepNodeCache({ graph: '' })).toThrow('"graph"');
  });

  it('opens the store that a URL names, and closes it', async () => {
    const cache = KeepstepNodeCache.fromUrl<number>('memory:');
    await cache.set([{ key: key(['a']), value: 1 }]);
    expect(await cache.get([key(['a'])])).toEqual([{ key: key(['a']), value: 1 }]);
    await cache.close();
  });
});
