import { AgentLoopDetectedError, createToolCache, type ToolPolicy } from '@keepstep/core';
import { AIMessage, HumanMessage } from '@langchain/core/messages';
import { langchainMatchers } from '@langchain/core/testing';
import { tool, type ClientTool } from '@langchain/core/tools';
import { Command, interrupt, MemorySaver } from '@langchain/langgraph';
import {
  createAgent,
  createMiddleware,
  humanInTheLoopMiddleware,
  toolRetryMiddleware,
  type AgentMiddleware,
  type ToolMessage,
} from 'langchain';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { runAgent, scriptedCalls, toolAnswers, type ScriptedCall } from '../test/agent-run.ts';
import { keepstepMiddleware, type KeepstepMiddlewareOptions } from './keepstep-middleware.ts';

expect.extend(langchainMatchers);

const READ: ToolPolicy = { kind: 'read', resource: ({ id }) => ['cart', id] };
const schema = z.object({ id: z.string(), depth: z.number().default(1) });
const look = (id = 'a'): ScriptedCall => ({ name: 'look', args: { id } });
const steps = (...calls: readonly ScriptedCall[]): ScriptedCall[][] => calls.map((call) => [call]);
const thread = (id: string) => ({ configurable: { thread_id: id } });

function shop(options: Partial<KeepstepMiddlewareOptions> = {}) {
  const cache = options.cache ?? createToolCache();
  const runs: string[] = [];
  const tools = [
    tool(({ id }) => `cart ${id}, look ${runs.push(`look ${id}`)}`, { name: 'look', description: 'reads', schema }),
    tool(({ id }) => `changed, run ${runs.push(`change ${id}`)}`, { name: 'change', description: 'writes', schema }),
  ];
  const change: ToolPolicy = { kind: 'write', invalidates: ({ id }) => ['cart', id] };
  const middleware = [keepstepMiddleware({ tools: { look: READ, change }, ...options, cache })];
  return { cache, runs, params: { tools, middleware } };
}

const permission = tool(({ id }) => `${id}: ${interrupt('May I?')}`, { name: 'ask', description: 'asks', schema });

const texts = (answers: readonly ToolMessage[]) => answers.map(({ text }) => text);

describe('keepstepMiddleware', () => {
  it('answers a read from the cache until a write has changed its data', async () => {
    const { params, runs } = shop();
    const change = { name: 'change', args: { id: 'a' } };
    const messages = await runAgent(steps(look(), look(), change, look(), look('b')), params);
    expect(runs).toEqual(['look a', 'change a', 'look a', 'look b']);
    const answers = toolAnswers(messages);
    expect(answers.map(({ tool_call_id: id }) => id)).toEqual([1, 2, 3, 4, 5].map((step) => `call_${step}_1`));
    expect(answers[1]?.content).toBe(answers[0]?.content);
  });

  it('makes keys of parsed arguments, so that a default may be spelled out', async () => {
    const { params, runs } = shop();
    await runAgent(steps(look(), { name: 'look', args: { id: 'a', depth: 1 } }), params);
    expect(runs).toEqual(['look a']);
  });

  it('refuses options and policies that are not allowed, by name', () => {
    const cache = createToolCache();
    const create = (options: object) => () => keepstepMiddleware({ cache, ...options });
    expect(create({ cache: {} })).toThrow('Invalid option "cache"');
    expect(create({ tool: {} })).toThrow('Invalid option "tool"');
    expect(create({ tools: { look: { kind: 'read', ttl: 'soon' } } })).toThrow('Invalid option "ttl"');
    expect(create({ toolErrors: 'ignore' })).toThrow('Invalid option "toolErrors"');
    expect(create({ maxSessions: 0 })).toThrow('Invalid option "maxSessions"');
    expect(create({ loop: { onLoop: 'shout' } })).toThrow('Invalid option "loop.onLoop"');
    expect(create({ loop: { onLoop: [] } })).toThrow('Invalid option "loop.onLoop"');
    expect(create({ loop: { maxToolRepeats: 0 } })).toThrow('Invalid option "maxToolRepeats"');
    expect(create({ loop: { maxRepeats: 1 } })).toThrow('Invalid option "loop.maxRepeats"');
  });
});

describe('the session of an agent', () => {
  it('is that of its thread, and goes on from run to run', async () => {
    const { params, runs, cache } = shop();
    const agent = () => ({ ...params, checkpointer: new MemorySaver() });
    await runAgent(steps(look()), agent(), thread('one'));
    await runAgent(steps(look()), agent(), thread('one'));
    await runAgent(steps(look()), agent(), thread('two'));
    expect(runs).toEqual(['look a', 'look a']);
    expect(cache.metrics()).toMatchObject({ hits: 1, misses: 2 });
  });

  it('is one for the run where there is no thread', async () => {
    const { params, runs } = shop();
    await runAgent(steps(look(), look()), params);
    await runAgent(steps(look()), params);
    expect(runs).toEqual(['look a', 'look a']);
  });

  it('ends with the run where there is no thread, and stays open where there is one', async () => {
    const { params, cache } = shop();
    const open = new Set<string>();
    let started = 0;
    cache.on((event) => {
      if (event.type === 'session-end') open.delete(event.sessionId);
      if (event.type !== 'session-start') return;
      open.add(event.sessionId);
      started += 1;
    });
    for (let run = 0; run < 20; run += 1) await runAgent(steps(look(), look()), params);
    expect(started).toBe(20);
    await expect.poll(() => [...open]).toEqual([]);
    await runAgent(steps(look()), params, thread('one'));
    expect([...open]).toEqual(['one']);
  });

  it('is the one that the context names', async () => {
    const { params, runs, cache } = shop({ session: ({ context }) => context.session });
    const session = cache.openSession({ id: 'own' });
    await runAgent(steps(look(), look()), params, { context: { session } });
    expect(runs).toEqual(['look a']);
    expect(session.metrics()).toMatchObject({ hits: 1, misses: 1 });
  });

  it('knows the user, who shares results among threads', async () => {
    const tools = { look: { ...READ, scope: 'user' } as ToolPolicy };
    const { params, runs } = shop({ tools, userId: ({ context }) => context.userId });
    for (const [id, userId] of [
      ['one', 'ada'],
      ['two', 'ada'],
      ['three', 'bob'],
    ] as const) {
      await runAgent(steps(look()), params, { ...thread(id), context: { userId } });
    }
    expect(runs).toEqual(['look a', 'look a']);
  });

  it('is one for each user of a thread', async () => {
    const tools = { look: { ...READ, scope: 'user' } as ToolPolicy };
    const { params, runs } = shop({ tools, userId: ({ context }) => context.userId });
    const told: string[][] = [];
    for (const userId of ['ada', 'bob', 'ada', undefined])
      told.push(texts(toolAnswers(await runAgent(steps(look()), params, { ...thread('one'), context: { userId } }))));
    expect(told).toEqual([['cart a, look 1'], ['cart a, look 2'], ['cart a, look 1'], ['cart a, look 3']]);
    expect(runs).toHaveLength(3);
  });

  it('is not that of a thread whose name looks like a thread and its user', async () => {
    const tools = { look: { ...READ, scope: 'user' } as ToolPolicy };
    const { params, runs } = shop({ tools, userId: ({ context }) => context.userId });
    await runAgent(steps(look()), params, { ...thread('one'), context: { userId: 'ada' } });
    await runAgent(steps(look()), params, { ...thread('["one","ada"]'), context: {} });
    expect(runs).toHaveLength(2);
  });

  it('is that of the user who resumes a run, not of the one who began it', async () => {
    const checkpointer = new MemorySaver();
    const tools = { look: { ...READ, scope: 'user' } as ToolPolicy };
    const options = { tools, userId: ({ context }: any) => context.userId, cache: createToolCache() };
    const model = scriptedCalls(steps(look(), { name: 'ask', args: { id: 'a' } }, look()));
    const agentOf = () => {
      const { params } = shop(options);
      return createAgent({ model, ...params, tools: [...params.tools, permission] as ClientTool[], checkpointer });
    };
    const as = (userId: string) => ({ ...thread('one'), context: { userId } }) as object;
    const seen: unknown[] = [];
    options.cache.on((event) => void (event.type === 'cache-hit' && seen.push(event.toolName)));
    await agentOf().invoke({ messages: [new HumanMessage('Go on.')] }, as('ada'));
    await agentOf().invoke(new Command({ resume: 'yes' }), as('bob'));
    expect(seen).toEqual([]);
    await runAgent(steps(look()), shop(options).params, as('bob'));
    expect(seen).toEqual(['look']);
  });

  it('ends when more threads are open than may be, the one that was used least recently first', async () => {
    const { params, runs, cache } = shop({ maxSessions: 2 });
    const ended: string[] = [];
    cache.on((event) => void (event.type === 'session-end' && ended.push(event.sessionId)));
    for (const id of ['one', 'two', 'one', 'three', 'one']) await runAgent(steps(look()), params, thread(id));
    expect(ended).toEqual(['two']);
    expect(runs).toHaveLength(3);
  });
});

describe('a loop', () => {
  const rules = { maxToolRepeats: 2 };
  const again = steps(look(), look(), look(), look(), look());

  it('is answered with a nudge, and then with a stop', async () => {
    const { params, runs } = shop({ loop: rules });
    const messages = await runAgent(again, params);
    const answers = toolAnswers(messages);
    expect(answers).toHaveLength(4);
    expect(answers.map(({ status }) => status)).toEqual(['success', 'success', 'error', 'error']);
    expect(answers[2]?.content).toMatch(/^Loop detected: look was called 3 times with the same arguments/);
    expect(messages.at(-1)).toBeInstanceOf(AIMessage);
    expect(messages.at(-1)?.text).toMatch(/^I was stopped. Loop detected: look was called 4 times/);
    expect(runs).toHaveLength(1);
  });

  it('is answered with nudges alone where that is wanted', async () => {
    const { params } = shop({ loop: { ...rules, onLoop: 'nudge' } });
    const messages = await runAgent(again, params);
    expect(toolAnswers(messages).map(({ status }) => status)).toEqual([
      'success',
      'success',
      'error',
      'error',
      'error',
    ]);
    expect(messages.at(-1)?.text).toBe('Done.');
  });

  it('is answered with what is cached, then step by step with the rest', async () => {
    const { params, runs } = shop({ loop: { ...rules, onLoop: ['short_circuit', 'nudge', 'stop'] } });
    const messages = await runAgent(again, params);
    const answers = toolAnswers(messages);
    expect(texts(answers).slice(0, 3)).toEqual(['cart a, look 1', 'cart a, look 1', 'cart a, look 1']);
    expect(answers.map(({ status }) => status)).toEqual(['success', 'success', 'success', 'error', 'error']);
    expect(messages.at(-1)?.text).toMatch(/^I was stopped/);
    expect(runs).toHaveLength(1);
  });

  it('is answered with nothing where a pair of content and artifact is due, and nothing is cached', async () => {
    const pair = tool(() => ['text', { data: 1 }], {
      name: 'look',
      description: 'reads',
      schema,
      responseFormat: 'content_and_artifact',
    });
    const middleware = [keepstepMiddleware({ cache: createToolCache(), loop: { ...rules, onLoop: 'short_circuit' } })];
    const answers = toolAnswers(await runAgent(again, { tools: [pair], middleware }));
    expect(texts(answers)).toEqual(['text', 'text', 'null', 'null', 'null']);
    expect(answers.map(({ artifact }) => artifact)).toEqual([
      { data: 1 },
      { data: 1 },
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('fails the agent where that is wanted', async () => {
    const { params } = shop({ loop: { ...rules, onLoop: 'raise' } });
    const error = await runAgent(again, params).catch((thrown: unknown) => thrown);
    expect((error as Error).name).toBe('AgentLoopDetectedError');
    // Older versions of LangChain wrap it.
    const found = [error, (error as Error).cause].find((each) => AgentLoopDetectedError.isInstance(each));
    expect(found).toMatchObject({ rule: 'repeats', tool: 'look', count: 3 });
  });

  it('is left alone where that is wanted', async () => {
    const { params, runs } = shop({ loop: false });
    const messages = await runAgent(again, params, thread('one'));
    expect(texts(toolAnswers(messages))).toEqual(Array.from({ length: 5 }, () => 'cart a, look 1'));
    expect(runs).toHaveLength(1);
  });

  it('is left alone in a run without a thread, which is cached no less', async () => {
    const { params, runs } = shop({ loop: false });
    await runAgent(again, params);
    expect(runs).toHaveLength(1);
  });

  it('counts once for calls of it side by side', async () => {
    const { params } = shop({ loop: { maxToolRepeats: 1 } });
    const both = [look(), look('b')];
    const messages = await runAgent([both, both, [look('c')]], params);
    expect(toolAnswers(messages).map(({ status }) => status)).toEqual([
      'success',
      'success',
      'error',
      'error',
      'success',
    ]);
    expect(messages.at(-1)?.text).toBe('Done.');
  });

  it('counts for one step however many calls of the step are refused', async () => {
    const { params } = shop({ loop: { maxToolRepeats: 1, onLoop: ['nudge', 'nudge', 'stop'] } });
    const both = [look(), look('b')];
    const messages = await runAgent([both, both, [look()]], params);
    expect(toolAnswers(messages).filter(({ status }) => status === 'error')).toHaveLength(3);
    expect(messages.at(-1)?.text).toBe('Done.');
  });

  it('lets the calls beside it finish before the agent stops', async () => {
    const { params, runs } = shop({ loop: { maxToolRepeats: 1, onLoop: 'stop' } });
    const messages = await runAgent([[look()], [look(), look('b')], [look('c')]], params);
    expect(toolAnswers(messages).map(({ status }) => status)).toEqual(['success', 'error', 'success']);
    expect(messages.at(-1)?.text).toMatch(/^I was stopped/);
    expect(runs).toEqual(['look a', 'look b']);
  });

  it('is counted anew in the next run of the thread', async () => {
    const { params } = shop({ loop: { maxToolRepeats: 1 } });
    for (let run = 0; run < 3; run += 1) {
      const messages = await runAgent(steps(look()), { ...params, checkpointer: new MemorySaver() }, thread('one'));
      expect(toolAnswers(messages).map(({ status }) => status)).toEqual(['success']);
    }
  });
});

describe('an agent that was interrupted', () => {
  it('goes on counting in another process, from its checkpoint', async () => {
    const checkpointer = new MemorySaver();
    const calls = steps(look(), look(), { name: 'ask', args: { id: 'a' } }, look());
    const model = scriptedCalls(calls);
    const agentOf = () => {
      const { params } = shop({ loop: { maxToolRepeats: 2 } });
      return createAgent({ model, ...params, tools: [...params.tools, permission] as ClientTool[], checkpointer });
    };
    const asked = await agentOf().invoke({ messages: [new HumanMessage('Go on.')] }, thread('one'));
    expect(asked).toMatchObject({ __interrupt__: [{ value: 'May I?' }] });
    const { messages } = await agentOf().invoke(new Command({ resume: 'yes' }), thread('one'));
    const answers = toolAnswers(messages);
    expect(answers.map(({ status }) => status)).toEqual(['success', 'success', 'success', 'error']);
    expect(answers[3]?.content).toMatch(/look was called 3 times/);
  });

  it('goes on where its checkpoint is of another version', async () => {
    const checkpointer = new MemorySaver();
    const model = scriptedCalls(steps(look(), { name: 'ask', args: { id: 'a' } }, look()));
    const agentOf = () => {
      const { params } = shop({ loop: { maxToolRepeats: 2 } });
      return createAgent({ model, ...params, tools: [...params.tools, permission] as ClientTool[], checkpointer });
    };
    await agentOf().invoke({ messages: [new HumanMessage('Go on.')] }, thread('one'));
    const tuple = await checkpointer.getTuple(thread('one'));
    // The state is there twice: in its own channel, and in what the interrupted task was sent.
    const values = tuple!.checkpoint.channel_values;
    makeForeign(values);
    const config = { configurable: { ...tuple!.parentConfig?.configurable, ...thread('one').configurable } };
    await checkpointer.put(config, { ...tuple!.checkpoint, channel_values: values }, tuple!.metadata!);
    const { messages } = await agentOf().invoke(new Command({ resume: 'yes' }), thread('one'));
    expect(toolAnswers(messages).map(({ status }) => status)).toEqual(['success', 'success', 'success']);
  });

  it('may be asked more often than calls may repeat', async () => {
    const { params } = shop({ loop: { maxToolRepeats: 1 } });
    const askOften = tool(
      () => ['a', 'b', 'c', 'd'].map((question) => interrupt<string, string>(question)).join(', '),
      {
        name: 'ask',
        description: 'asks',
        schema,
      },
    );
    const model = scriptedCalls(steps({ name: 'ask', args: { id: 'a' } }));
    const agent = createAgent({ model, ...params, tools: [askOften], checkpointer: new MemorySaver() });
    await agent.invoke({ messages: [new HumanMessage('Go on.')] }, thread('one'));
    for (const resume of ['1', '2', '3']) await agent.invoke(new Command({ resume }), thread('one'));
    const { messages } = await agent.invoke(new Command({ resume: '4' }), thread('one'));
    expect(texts(toolAnswers(messages))).toEqual(['1, 2, 3, 4']);
  });
});

/** Gives every loop snapshot in a checkpoint a version that nobody knows. */
function makeForeign(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, part] of Object.entries(value)) {
    if (name === 'loop') part.version = 99;
    else makeForeign(part);
  }
}

describe('an agent whose cache is closed', () => {
  it('goes on without it', async () => {
    const { cache, params, runs } = shop();
    await cache.close();
    const messages = await runAgent(steps(look(), look()), params, thread('one'));
    expect(texts(toolAnswers(messages))).toEqual(['cart a, look 1', 'cart a, look 2']);
    expect(runs).toHaveLength(2);
  });
});

describe('the matchers of LangChain', () => {
  it('see an agent like any other, hits included', async () => {
    const { params } = shop();
    const messages = await runAgent(steps(look(), look()), params);
    expect(messages).toHaveToolMessages([
      { content: 'cart a, look 1', name: 'look', status: 'success', tool_call_id: 'call_1_1' },
      { content: 'cart a, look 1', name: 'look', status: 'success', tool_call_id: 'call_2_1' },
    ]);
    expect(messages.at(-2)).toBeToolMessage({ name: 'look' });
    expect(messages.at(-1)).toBeAIMessage('Done.');
    expect(messages[1]).toHaveToolCalls([{ name: 'look', id: 'call_1_1' }]);
  });

  it('see that it was interrupted', async () => {
    const { params } = shop({ tools: { ask: READ } });
    const ask = tool(({ id }) => `${id}: ${interrupt('May I?')}`, { name: 'ask', description: 'asks', schema });
    const model = scriptedCalls(steps({ name: 'ask', args: { id: 'a' } }));
    const agent = createAgent({ model, ...params, tools: [ask], checkpointer: new MemorySaver() });
    expect(await agent.invoke({ messages: [new HumanMessage('Go on.')] }, thread('one'))).toHaveBeenInterrupted(
      'May I?',
    );
    const { messages } = await agent.invoke(new Command({ resume: 'yes' }), thread('one'));
    expect(texts(toolAnswers(messages))).toEqual(['a: yes']);
  });
});

describe('beside other middleware', () => {
  it('runs nothing that a person has not approved, and caches what it has', async () => {
    const { params, runs } = shop();
    const approval = humanInTheLoopMiddleware({ interruptOn: { change: true } } as never) as AgentMiddleware;
    const model = scriptedCalls(steps(look(), { name: 'change', args: { id: 'a' } }, look()));
    const middleware = [...params.middleware, approval];
    const agent = createAgent({ model, ...params, middleware, checkpointer: new MemorySaver() });
    await agent.invoke({ messages: [new HumanMessage('Go on.')] }, thread('one'));
    expect(runs).toEqual(['look a']);
    const decisions = [{ type: 'approve' }];
    const { messages } = await agent.invoke(new Command({ resume: { decisions } }), thread('one'));
    expect(texts(toolAnswers(messages))).toEqual(['cart a, look 1', 'changed, run 2', 'cart a, look 3']);
  });

  const flaky = () => {
    let runs = 0;
    return tool(
      () => {
        runs += 1;
        if (runs < 3) throw new Error('no connection');
        return `run ${runs}`;
      },
      { name: 'look', description: 'reads', schema },
    );
  };
  // Its own types do not allow for exact optional properties.
  const retry = () => toolRetryMiddleware({ maxRetries: 3, initialDelayMs: 0, jitter: false }) as AgentMiddleware;

  it('lets one further in try again', async () => {
    const middleware = [keepstepMiddleware({ cache: createToolCache(), tools: { look: READ } }), retry()];
    const messages = await runAgent(steps(look(), look()), { tools: [flaky()], middleware });
    expect(texts(toolAnswers(messages))).toEqual(['run 3', 'run 3']);
  });

  it('lets one further out try again where it hands on errors', async () => {
    const keepstep = keepstepMiddleware({ cache: createToolCache(), tools: { look: READ }, toolErrors: 'raise' });
    const messages = await runAgent(steps(look(), look()), { tools: [flaky()], middleware: [retry(), keepstep] });
    expect(texts(toolAnswers(messages))).toEqual(['run 3', 'run 3']);
  });

  it('does not hide the error of another one', async () => {
    const broken = createMiddleware({
      name: 'Broken',
      wrapToolCall: () => {
        throw new Error('out of order');
      },
    });
    const { params } = shop();
    const middleware = [...params.middleware, broken];
    await expect(runAgent(steps(look()), { ...params, middleware })).rejects.toThrow('out of order');
  });
});
