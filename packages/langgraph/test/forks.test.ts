import { MemorySaver, type BaseCheckpointSaver } from '@langchain/langgraph';
import { describe, expect, it } from 'vitest';

import { KeepstepSaver } from '../src/keepstep-saver.ts';
import { chainGraph, type Runnable } from './graph-zoo.ts';

const thread = { configurable: { thread_id: 'thread' } };

interface Snapshot {
  readonly config: object;
  readonly next: readonly string[];
}

async function snapshotBefore(graph: Runnable, node: string): Promise<Snapshot> {
  for await (const each of graph.getStateHistory(thread)) {
    if ((each as Snapshot).next.includes(node)) return each as Snapshot;
  }
  throw new Error(`nothing comes before ${node}`);
}

/** Forks a run after its first node, and copies a checkpoint of the run. */
async function story(saver: BaseCheckpointSaver): Promise<unknown> {
  const graph = chainGraph(saver);
  await graph.invoke({ steps: [] }, thread);
  const [beforeB, beforeC] = [await snapshotBefore(graph, 'b'), await snapshotBefore(graph, 'c')];
  const head = await graph.getState(thread);
  const edited = await graph.updateState(beforeB.config, { steps: ['EDIT'], count: 2 }, 'a');
  const forked = await graph.invoke(null, edited);
  const copied = await graph.updateState(beforeC.config, null, '__copy__');
  const copy = await graph.getState(copied);
  const oldHead = await graph.getState(head.config);
  return { forked, oldHead: oldHead.values, copy: copy.values, next: copy.next };
}

describe('a fork', () => {
  it('keeps the edit, the head that it left, and a copy of a checkpoint, as MemorySaver does', async () => {
    const own = await story(new KeepstepSaver());
    expect(own).toEqual(await story(new MemorySaver()));
    expect(own).toEqual({
      forked: { steps: ['a', 'EDIT', 'b', 'c'], count: 2 },
      oldHead: { steps: ['a', 'b', 'c'], count: 1 },
      copy: { steps: ['a', 'b'], count: 1 },
      next: ['c'],
    });
  });
});
