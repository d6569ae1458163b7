import { createToolCache } from '@keepstep/core';
import { dynamicTool, jsonSchema, tool } from 'ai';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { cacheTools } from './cache-tools.ts';

const READ = { kind: 'read', scope: 'global' } as const;
const EXECUTION = { toolCallId: 'call_1', messages: [] as never[], context: undefined as never };

async function partsOf(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  const parts: unknown[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

describe('a cached tool set', () => {
  it('keeps everything about a tool but how it is executed', () => {
    const weather = tool({
      description: 'Tells the weather',
      title: 'Weather',
      inputSchema: z.object({ city: z.string() }),
      outputSchema: z.object({ degrees: z.number() }),
      needsApproval: true,
      execute: async () => ({ degrees: 21 }),
      toModelOutput: ({ output }) => ({ type: 'text', value: `${output.degrees} degrees` }),
      providerOptions: { double: { cacheControl: 'ephemeral' } },
    });
    const { weather: cached } = cacheTools({ weather }, { cache: createToolCache(), tools: { weather: READ } });
    const { execute, ...others } = cached;
    const { execute: original, ...expected } = weather;
    expect(others).toStrictEqual(expected);
    expect(execute).not.toBe(original);
  });

  it('keeps hidden properties and the class of a tool', () => {
    class Look {
      inputSchema = jsonSchema({ type: 'object' });
      readonly #found = 'something';
      execute = (): string => this.#found;
    }
    const look = Object.defineProperty(new Look(), 'experimental_toolCaller', { value: 'caller' });
    const { look: cached } = cacheTools({ look }, { cache: createToolCache() });
    expect(cached).toBeInstanceOf(Look);
    expect((cached as { experimental_toolCaller?: string }).experimental_toolCaller).toBe('caller');
  });

  it('runs a tool as a method of its own', async () => {
    const look = {
      inputSchema: jsonSchema({ type: 'object' }),
      found: 'something',
      execute(): string {
        return this.found;
      },
    };
    const cached = cacheTools({ look }, { cache: createToolCache(), tools: { look: READ } });
    const execute = cached.look.execute as (input: unknown, execution: unknown) => unknown;
    expect(await execute({}, EXECUTION)).toBe('something');
  });

  it('leaves tools alone that somebody else executes', () => {
    const ask = tool({ inputSchema: z.object({}) });
    const search = {
      type: 'provider' as const,
      isProviderExecuted: true as const,
      id: 'double.search' as const,
      args: {},
      inputSchema: z.object({}),
    };
    const cached = cacheTools({ ask, search }, { cache: createToolCache() });
    expect(cached.ask).toBe(ask);
    expect(cached.search).toBe(search);
  });

  it('caches dynamic tools as others', async () => {
    let runs = 0;
    const look = dynamicTool({ inputSchema: z.object({}), execute: async () => (runs += 1) });
    const cached = cacheTools({ look }, { cache: createToolCache(), tools: { look: READ } });
    expect(cached.look.type).toBe('dynamic');
    expect([await cached.look.execute?.({}, EXECUTION), await cached.look.execute?.({}, EXECUTION)]).toEqual([1, 1]);
  });

  it('gives a tool the context and the messages of the call', async () => {
    const seen: unknown[] = [];
    const look = tool({
      inputSchema: z.object({}),
      contextSchema: z.object({ tenant: z.string() }),
      execute: async (_, { context, messages, toolCallId }) => seen.push(context, messages, toolCallId),
    });
    const cached = cacheTools({ look }, { cache: createToolCache() });
    await cached.look.execute({}, { toolCallId: 'call_9', messages: [], context: { tenant: 'a' } });
    expect(seen).toEqual([{ tenant: 'a' }, [], 'call_9']);
  });

  it('finds a tool with preliminary results by its function, or by name', async () => {
    async function* parts() {
      yield 1;
      yield 2;
    }
    const inputSchema = z.object({});
    const tools = {
      seen: tool({
        inputSchema,
        execute: async function* execute() {
          yield* parts();
        },
      }),
      named: tool({ inputSchema, execute: () => parts() }),
      unseen: tool({ inputSchema, execute: () => parts() }),
      plain: tool({ inputSchema, execute: async () => 2 }),
    };
    const cached = cacheTools(tools, {
      cache: createToolCache(),
      streaming: ['named', 'plain'],
      tools: { seen: READ, named: READ, unseen: READ },
    });
    const all: Record<string, unknown> = {};
    for (const [name, { execute }] of Object.entries(cached)) {
      const runs: unknown[] = [];
      for (let run = 0; run < 2; run += 1) {
        const result: unknown = execute({}, EXECUTION);
        runs.push(
          Symbol.asyncIterator in (result as object) ? await partsOf(result as AsyncIterable<unknown>) : await result,
        );
      }
      all[name] = runs;
    }
    // The last part is the result, so a hit gives it alone; an unseen stream loses its parts and nothing else.
    expect(all).toEqual({ seen: [[1, 2], [2]], named: [[1, 2], [2]], unseen: [2, 2], plain: [[2], [2]] });
  });

  it('stores nothing where a tool gives nothing', async () => {
    let runs = 0;
    const inputSchema = z.object({});
    const tools = {
      quiet: tool({
        inputSchema,
        execute: async () => {
          runs += 1;
        },
      }),
      empty: tool({
        inputSchema,
        async *execute(): AsyncGenerator<number> {
          runs += 1;
          yield* [];
        },
      }),
    };
    const cached = cacheTools(tools, { cache: createToolCache(), tools: { quiet: READ, empty: READ } });
    for (let call = 0; call < 2; call += 1) {
      await cached.quiet.execute({}, EXECUTION);
      await partsOf(cached.empty.execute({}, EXECUTION) as AsyncIterable<number>);
    }
    expect(runs).toBe(4);
  });

  it('takes its session from an option, or from what is around the call', async () => {
    const cache = createToolCache();
    let runs = 0;
    const tools = { look: tool({ inputSchema: z.object({}), execute: async () => (runs += 1) }) };
    const policies = { look: { kind: 'read' } } as const;
    const session = cache.openSession();
    const fixed = cacheTools(tools, { cache, tools: policies, session });
    const ambient = cacheTools(tools, { cache, tools: policies });
    expect(await fixed.look.execute({}, EXECUTION)).toBe(1);
    expect(await session.run(() => ambient.look.execute({}, EXECUTION))).toBe(1);
    expect(await ambient.look.execute({}, EXECUTION)).toBe(2);
  });
});

describe('cacheTools', () => {
  const tools = { look: tool({ inputSchema: z.object({}), execute: async () => 1 }) };

  it.each([
    [{ cach: 1 }, 'Invalid option "cach"'],
    [{ cache: {} }, 'Invalid option "cache": received an object with no keys, allowed: what createToolCache returns.'],
    [{ tools: { lok: READ } }, 'Invalid option "tools.lok": received an object with kind, scope, allowed: look.'],
    [{ tools: { look: { kind: 'read', ttl: 'soon' } } }, 'Invalid option "ttl"'],
    [{ tools: { look: { kind: 'write' } } }, 'Invalid option "invalidates"'],
    [{ streaming: ['lok'] }, 'Invalid option "streaming.lok"'],
  ])('refuses %o', (options, message) => {
    expect(() => cacheTools(tools, { cache: createToolCache(), ...(options as object) })).toThrow(message);
  });
});
