import { HumanMessage } from '@langchain/core/messages';
import {
  Annotation,
  Command,
  END,
  interrupt,
  MessagesAnnotation,
  Send,
  START,
  StateGraph,
  type BaseCheckpointSaver,
} from '@langchain/langgraph';

/** Is what a test does with a graph. */
export interface Runnable {
  invoke(input: unknown, config: object): Promise<unknown>;
  stream(input: unknown, config: object): Promise<AsyncIterable<unknown>>;
  getStateHistory(config: object): AsyncIterable<unknown>;
  getState(
    config: object,
  ): Promise<{ readonly values: unknown; readonly next: readonly string[]; readonly config: object }>;
  updateState(config: object, values: unknown, asNode?: string): Promise<object>;
}

/** Is a graph that is run in the same way on several checkpointers. */
export interface ZooGraph {
  readonly name: string;
  readonly build: (checkpointer: BaseCheckpointSaver) => Runnable;
  readonly run: (graph: Runnable, config: object) => Promise<void>;
}

const Steps = Annotation.Root({
  steps: Annotation<string[]>({ reducer: (all, more) => [...all, ...more], default: () => [] }),
  count: Annotation<number>(),
});
type StepsState = typeof Steps.State;

const step = (name: string) => (): Partial<StepsState> => ({ steps: [name] });

/** Makes `a -> b -> c`. */
export function chainGraph(checkpointer: BaseCheckpointSaver): Runnable {
  return new StateGraph(Steps)
    .addNode('a', () => ({ steps: ['a'], count: 1 }))
    .addNode('b', step('b'))
    .addNode('c', step('c'))
    .addEdge(START, 'a')
    .addEdge('a', 'b')
    .addEdge('b', 'c')
    .addEdge('c', END)
    .compile({ checkpointer });
}

function sendGraph(checkpointer: BaseCheckpointSaver): Runnable {
  return new StateGraph(Steps)
    .addNode('plan', step('plan'))
    .addNode('work', (state: { readonly item: string } & StepsState) => ({ steps: [`work ${state.item}`] }))
    .addNode('end', step('end'))
    .addEdge(START, 'plan')
    .addConditionalEdges('plan', () => ['x', 'y', 'z'].map((item) => new Send('work', { item })), ['work'])
    .addEdge('work', 'end')
    .compile({ checkpointer });
}

function askGraph(checkpointer: BaseCheckpointSaver): Runnable {
  const ask = new StateGraph(Steps)
    .addNode('before', step('before'))
    .addNode('question', () => ({ steps: [`answer ${String(interrupt('really?'))}`] }))
    .addEdge(START, 'before')
    .addEdge('before', 'question')
    .compile();
  return new StateGraph(Steps)
    .addNode('first', step('first'))
    .addNode('child', async (state: StepsState) => {
      const { steps } = await ask.invoke({ steps: [] as string[], count: state.count });
      return { steps };
    })
    .addNode('beside', step('beside'))
    .addEdge(START, 'first')
    .addEdge('first', 'child')
    .addEdge('first', 'beside')
    .compile({ checkpointer });
}

function retryGraph(checkpointer: BaseCheckpointSaver): Runnable {
  let failures = 2;
  return new StateGraph(Steps)
    .addNode(
      'flaky',
      () => {
        failures -= 1;
        if (failures >= 0) throw new Error('not yet');
        return { steps: ['at last'] };
      },
      { retryPolicy: { maxAttempts: 3, initialInterval: 1, jitter: false, logWarning: false } },
    )
    .addEdge(START, 'flaky')
    .compile({ checkpointer });
}

function failingGraph(checkpointer: BaseCheckpointSaver): Runnable {
  let isBroken = true;
  return new StateGraph(Steps)
    .addNode('good', step('good'))
    .addNode('bad', () => {
      if (!isBroken) return { steps: ['mended'] };
      isBroken = false;
      throw new Error('broken');
    })
    .addEdge(START, 'good')
    .addEdge(START, 'bad')
    .compile({ checkpointer });
}

function chatGraph(checkpointer: BaseCheckpointSaver): Runnable {
  return new StateGraph(MessagesAnnotation)
    .addNode('reply', ({ messages }) => ({
      messages: [new HumanMessage({ id: `reply ${messages.length}`, content: 'and so on', name: 'ann' })],
    }))
    .addEdge(START, 'reply')
    .compile({ checkpointer });
}

function gotoGraph(checkpointer: BaseCheckpointSaver): Runnable {
  return new StateGraph(Steps)
    .addNode('choose', () => new Command({ goto: 'right', update: { steps: ['choose'], count: 7 } }), {
      ends: ['left', 'right'],
    })
    .addNode('left', step('left'))
    .addNode('right', step('right'))
    .addEdge(START, 'choose')
    .compile({ checkpointer });
}

const START_INPUT = { steps: ['in'] };

async function drain(chunks: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of chunks);
}

/** Lists the graphs. */
export const graphZoo: readonly ZooGraph[] = [
  {
    name: 'a chain',
    build: chainGraph,
    run: async (graph, config) => void (await graph.invoke(START_INPUT, config)),
  },
  {
    name: 'a chain that is run twice',
    build: chainGraph,
    async run(graph, config) {
      await graph.invoke(START_INPUT, config);
      await graph.invoke({ steps: ['again'] }, config);
    },
  },
  {
    name: 'a chain that stops before a node, and goes on',
    build: chainGraph,
    async run(graph, config) {
      await graph.invoke(START_INPUT, { ...config, interruptBefore: ['b'] });
      await graph.updateState(config, { steps: ['by hand'] }, 'a');
      await graph.invoke(null, config);
    },
  },
  ...(['values', 'updates', 'debug', 'tasks', 'checkpoints'] as const).map((streamMode) => ({
    name: `tasks that were sent, streamed as ${streamMode}`,
    build: sendGraph,
    run: async (graph: Runnable, config: object) => drain(await graph.stream(START_INPUT, { ...config, streamMode })),
  })),
  {
    name: 'a subgraph that asks, and is answered',
    build: askGraph,
    async run(graph, config) {
      await graph.invoke(START_INPUT, config);
      await graph.invoke(new Command({ resume: 'yes' }), config);
    },
  },
  {
    name: 'a node that is tried again',
    build: retryGraph,
    run: async (graph, config) => void (await graph.invoke(START_INPUT, config)),
  },
  {
    name: 'a node that fails, and goes on after its sibling',
    build: failingGraph,
    async run(graph, config) {
      await graph.invoke(START_INPUT, config).catch(() => undefined);
      await graph.invoke(null, config);
    },
  },
  {
    name: 'a chat',
    build: chatGraph,
    async run(graph, config) {
      for (const id of ['1', '2', '3'])
        await graph.invoke({ messages: [new HumanMessage({ id, content: 'hello' })] }, config);
    },
  },
  {
    name: 'a node that says where to go',
    build: gotoGraph,
    run: async (graph, config) => void (await graph.invoke(START_INPUT, config)),
  },
];

/** Lists when LangGraph stores checkpoints. */
export const durabilities = ['async', 'sync', 'exit'] as const;
