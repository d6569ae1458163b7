import { memoryStore } from '@keepstep/core';
import { AIMessage, HumanMessage } from '@langchain/core/messages';
import { Annotation, getStore, START, StateGraph, type LangGraphRunnableConfig } from '@langchain/langgraph';
import { InvalidNamespaceError } from '@langchain/langgraph-checkpoint';
import { describe, expect, it } from 'vitest';

import { KeepstepSaver, KeepstepStore } from '../src/index.ts';
import { embedWords } from './item-model.ts';

const State = Annotation.Root({
  user: Annotation<string>(),
  likes: Annotation<string>(),
  answer: Annotation<string[]>(),
});

describe('a graph with a store of items', () => {
  it('remembers across threads and processes what its nodes have put, and finds it by meaning', async () => {
    const store = memoryStore();
    const run = async (thread: string, input: { user: string; likes: string }): Promise<string[] | undefined> => {
      const index = { dims: 2, embeddings: embedWords, fields: ['word'] };
      const graph = new StateGraph(State)
        .addNode('remember', async ({ user, likes }) => {
          await getStore()?.put(['likes', user], likes, { word: likes });
          return {};
        })
        .addNode('recall', async ({ user }, config: LangGraphRunnableConfig) => {
          const items = config.store;
          const [found, first] = await Promise.all([
            items?.search(['likes', user], { query: 'red', limit: 2 }),
            items?.get(['likes', user], 'far'),
          ]);
          return { answer: [...(found ?? []).map(({ key }) => key), `far: ${first !== null}`] };
        })
        .addEdge(START, 'remember')
        .addEdge('remember', 'recall')
        .compile({ checkpointer: new KeepstepSaver({ store }), store: new KeepstepStore({ store, index }) });
      return (await graph.invoke(input, { configurable: { thread_id: thread } })).answer;
    };
    expect(await run('1', { user: 'ann', likes: 'far' })).toEqual(['far', 'far: true']);
    expect(await run('2', { user: 'ann', likes: 'blue' })).toEqual(['blue', 'far', 'far: true']);
    expect(await run('3', { user: 'bob', likes: 'tall' })).toEqual(['tall', 'far: false']);
    expect(await run('4', { user: 'ann', likes: 'red' })).toEqual(['red', 'blue', 'far: true']);
  });

  it('gets messages back as what they were, found by a filter or by their key', async () => {
    const store = new KeepstepStore();
    const talk = [new HumanMessage('Which cable?'), new AIMessage({ content: 'This one.', id: 'ai-1' })];
    await store.put(['talks'], 'first', { topic: 'cables', talk });
    const [got] = [await store.get(['talks'], 'first')];
    const [found] = await store.search(['talks'], { filter: { topic: 'cables' } });
    const [any] = await store.search(['talks']);
    for (const item of [got, found, any]) {
      expect(item?.value).toEqual({ topic: 'cables', talk: [expect.any(HumanMessage), expect.any(AIMessage)] });
      expect(item?.value['talk']).toEqual(talk);
    }
    await expect(store.put(['talks'], 'second', { talk: new (class Talk {})() })).rejects.toThrow('$.talk');
  });

  it('sees an error of the store in the node that has caused it', async () => {
    const seen: unknown[] = [];
    const graph = new StateGraph(State)
      .addNode('spoil', async () => {
        await getStore()
          ?.put(['a.b'], 'key', {})
          .catch((error: unknown) => seen.push(error));
        return {};
      })
      .addEdge(START, 'spoil')
      .compile({ store: new KeepstepStore() });
    await graph.invoke({ user: 'ann', likes: '' });
    expect(seen).toEqual([expect.any(InvalidNamespaceError)]);
  });
});
