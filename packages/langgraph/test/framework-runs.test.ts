import { AIMessage, HumanMessage, type BaseMessage } from '@langchain/core/messages';
import { fakeModel } from '@langchain/core/testing';
import { tool } from '@langchain/core/tools';
import {
  Annotation,
  Command,
  DeltaChannel,
  entrypoint,
  interrupt,
  MemorySaver,
  messagesDeltaReducer,
  Overwrite,
  Send,
  START,
  StateGraph,
  task,
  type BaseCheckpointSaver,
} from '@langchain/langgraph';
import { createReactAgent } from '@langchain/langgraph/prebuilt';
import { describe, expect, it } from 'vitest';

import { KeepstepSaver } from '../src/keepstep-saver.ts';

const config = { configurable: { thread_id: 'thread' } };

/** Runs a story on a checkpointer of LangGraph and on ours, and returns what each of them ends in. */
async function both(
  story: (saver: BaseCheckpointSaver) => Promise<unknown>,
): Promise<[own: unknown, reference: unknown]> {
  return [await story(new KeepstepSaver()), await story(new MemorySaver())];
}

const search = tool(({ query }: { query: string }) => `found ${query}`, {
  name: 'search',
  description: 'Searches.',
  schema: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] } as const,
});

const buy = tool(
  ({ item }: { item: string }, { toolCall }: { toolCall?: { id?: string | undefined } }) =>
    new Command({
      update: { messages: [{ role: 'tool', content: `bought ${item}`, tool_call_id: toolCall?.id, id: 'bought' }] },
    }),
  {
    name: 'buy',
    description: 'Buys.',
    schema: { type: 'object', properties: { item: { type: 'string' } }, required: ['item'] } as const,
  },
);

function shown(messages: readonly BaseMessage[]): unknown {
  return messages.map(({ type, content, name, constructor }) => [constructor.name, type, content, name]);
}

describe('with our serialiser', () => {
  it.each(['values', 'updates', 'messages'] as const)(
    'an agent with tools runs, streams %s and remembers, as with that of LangGraph',
    async (streamMode) => {
      const story = async (checkpointer: BaseCheckpointSaver): Promise<unknown> => {
        const llm = fakeModel()
          .respondWithTools([{ name: 'search', args: { query: 'cats' }, id: 'call 1' }])
          .respondWithTools([{ name: 'buy', args: { item: 'cat' }, id: 'call 2' }])
          .respond(new AIMessage('done'))
          .respond(new AIMessage('again'));
        const agent = createReactAgent({ llm, tools: [search, buy], checkpointer });
        for await (const _ of await agent.stream({ messages: [new HumanMessage('hello')] }, { ...config, streamMode }));
        const { messages } = await agent.invoke({ messages: [new HumanMessage('more')] }, config);
        return shown(messages);
      };
      const [own, reference] = await both(story);
      expect(own).toEqual(reference);
      expect(own).toHaveLength(8);
    },
  );

  it('a workflow of tasks goes on after a question, and a task that returned a command has it again', async () => {
    const story = async (checkpointer: BaseCheckpointSaver, seen: unknown[]): Promise<unknown> => {
      let runs = 0;
      const decide = task('decide', async () => {
        runs += 1;
        return { command: new Command({ goto: 'x', update: { a: 1 } }), at: new Date(0), found: new Map([[1, 2n]]) };
      });
      const flow = entrypoint({ name: 'flow', checkpointer }, async (input: string) => {
        const { command, at, found } = await decide();
        const answer = interrupt<unknown, string>({ question: 'really?' });
        seen.push(command instanceof Command, at instanceof Date, found instanceof Map);
        return `${input} ${answer} ${runs}`;
      });
      await flow.invoke('in', config);
      return flow.invoke(new Command({ resume: 'yes' }), config);
    };
    const seen: unknown[] = [];
    expect(await story(new KeepstepSaver(), seen)).toBe('in yes 1');
    expect(seen).toEqual([true, true, true]);
  });

  it('a channel of differences is put together again, after a value took the place of all others, too', async () => {
    const State = Annotation.Root({
      messages: () => new DeltaChannel<BaseMessage[], BaseMessage[]>(messagesDeltaReducer, { snapshotFrequency: 2 }),
      notes: Annotation<string[]>({ reducer: (all, more) => [...all, ...more], default: () => [] }),
    });
    const story = async (checkpointer: BaseCheckpointSaver): Promise<unknown> => {
      const graph = new StateGraph(State)
        .addNode('say', () => ({
          messages: [new AIMessage({ id: crypto.randomUUID(), content: 'said' })],
          notes: ['said'],
        }))
        .addNode('clear', () => ({ notes: new Overwrite(['cleared']) }))
        .addEdge(START, 'say')
        .addEdge('say', 'clear')
        .compile({ checkpointer });
      for (const id of ['1', '2', '3']) {
        await graph.invoke({ messages: [new HumanMessage({ id, content: id })] }, config);
      }
      const { values } = await graph.getState(config);
      const { messages, notes } = values as { readonly messages: BaseMessage[]; readonly notes: string[] };
      return [shown(messages), notes];
    };
    const [own, reference] = await both(story);
    expect(own).toEqual(reference);
    expect(own).toMatchObject([{ length: 6 }, ['cleared']]);
  });

  it('what is sent to a node arrives after a restart as it was sent', async () => {
    const State = Annotation.Root({
      done: Annotation<string[]>({ reducer: (a, b) => [...a, ...b], default: () => [] }),
    });
    const saver = new KeepstepSaver();
    const build = () =>
      new StateGraph(State)
        .addNode('plan', () => ({ done: ['plan'] }))
        .addNode('work', (state) => {
          const { at, message } = state as unknown as { at: Date; message: HumanMessage };
          return { done: [`${at.toISOString()} ${message.text}`] };
        })
        .addEdge(START, 'plan')
        .addConditionalEdges('plan', () => [new Send('work', { at: new Date(0), message: new HumanMessage('x') })], [
          'work',
        ])
        .compile({ checkpointer: saver, interruptBefore: ['work'] });
    await build().invoke({}, config);
    const { done } = await build().invoke(null, config);
    expect(done).toEqual(['plan', '1970-01-01T00:00:00.000Z x']);
  });

  it('a run ends with an error that names the channel when a node writes what cannot be kept', async () => {
    class Socket {}
    const State = Annotation.Root({ connection: Annotation<unknown>() });
    for (const durability of ['sync', 'async', 'exit'] as const) {
      const checkpointer = new KeepstepSaver();
      const graph = new StateGraph(State)
        .addNode('open', () => ({ connection: { socket: new Socket() } }))
        .addEdge(START, 'open')
        .compile({ checkpointer });
      await expect(graph.invoke({ connection: undefined }, { ...config, durability })).rejects.toThrow(
        /Cannot encode an instance of Socket at \$\.socket\. It is part of .*the channel "connection"/u,
      );
    }
  });
});
