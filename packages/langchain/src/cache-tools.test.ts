import { createToolCache, type ToolPolicy } from '@keepstep/core';
import { manualClock } from '@keepstep/core/testing';
import { ToolMessage } from '@langchain/core/messages';
import { DynamicStructuredTool, StructuredTool, Tool, tool } from '@langchain/core/tools';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { cacheTool, cacheTools } from './cache-tools.ts';

const READ: ToolPolicy = { kind: 'read', scope: 'global' };
const schema = z.object({ id: z.string(), depth: z.number().default(1) });
const fields = { name: 'look', description: 'Looks at a cart.', schema };

function counted(answer: (input: any, runs: number) => unknown, more: object = {}) {
  let runs = 0;
  const look = tool((input) => answer(input, (runs += 1)) as string, { ...fields, ...more });
  return { look, runs: () => runs };
}

describe('a cached tool', () => {
  it('is what it was: name, schema, description and whatever else it has', () => {
    const { look } = counted(() => '', { returnDirect: true, metadata: { team: 'shop' }, tags: ['mine'] });
    const cached = cacheTool(look, { cache: createToolCache(), policy: READ });
    expect(cached).toBeInstanceOf(DynamicStructuredTool);
    expect(cached.schema).toBe(look.schema);
    const { name, description, returnDirect, metadata, tags, responseFormat } = cached;
    expect({ name, description, returnDirect, metadata, tags, responseFormat }).toEqual({
      name: 'look',
      description: 'Looks at a cart.',
      returnDirect: true,
      metadata: { team: 'shop' },
      tags: ['mine'],
      responseFormat: 'content',
    });
  });

  it('leaves the tool itself uncached', async () => {
    const { look, runs } = counted((_, run) => `run ${run}`);
    const cached = cacheTool(look, { cache: createToolCache(), policy: READ });
    await cached.invoke({ id: 'a' });
    expect(await cached.invoke({ id: 'a' })).toBe('run 1');
    expect(await look.invoke({ id: 'a' })).toBe('run 2');
    expect(runs()).toBe(2);
  });

  it('works where the tool is a class with private fields', async () => {
    class Look extends StructuredTool {
      readonly name = 'look';
      readonly description = 'looks';
      readonly schema = schema;
      #runs = 0;

      protected override _call({ id, depth }: z.output<typeof schema>): Promise<string> {
        this.#runs += 1;
        return Promise.resolve(`${id} ${depth} ${this.#runs}`);
      }
    }
    const cached = cacheTool(new Look(), { cache: createToolCache(), policy: READ });
    expect([await cached.invoke({ id: 'a' }), await cached.invoke({ id: 'a', depth: 1 })]).toEqual(['a 1 1', 'a 1 1']);
    expect(cached).toBeInstanceOf(Look);
  });

  it('works where the tool takes a text', async () => {
    class Echo extends Tool {
      readonly name = 'echo';
      readonly description = 'repeats';
      runs = 0;

      protected override _call(text: string): Promise<string> {
        this.runs += 1;
        return Promise.resolve(text);
      }
    }
    const echo = new Echo();
    const cached = cacheTool(echo, { cache: createToolCache(), policy: READ });
    expect([await cached.invoke('a'), await cached.invoke('a'), await cached.invoke('b')]).toEqual(['a', 'a', 'b']);
    expect(echo.runs).toBe(2);
  });

  it('gives a pair of content and artifact back as a pair, artifact and types included', async () => {
    const taken = new Date(0);
    const { look, runs } = counted(({ id }) => [`cart ${id}`, { taken, sums: new Map([['pen', 2n]]) }], {
      responseFormat: 'content_and_artifact',
    });
    const cached = cacheTool(look, { cache: createToolCache(), policy: READ });
    for (const id of ['one', 'two']) {
      const message = await cached.invoke({ type: 'tool_call', id, name: 'look', args: { id: 'a' } });
      expect(message).toMatchObject({ content: 'cart a', tool_call_id: id, name: 'look', status: 'success' });
      expect(message.artifact).toEqual({ taken, sums: new Map([['pen', 2n]]) });
    }
    expect(runs()).toBe(1);
  });

  it('does not keep a message that says the tool has failed', async () => {
    const { look, runs } = counted((_, run) =>
      run === 1 ? new ToolMessage({ content: 'no connection', status: 'error', tool_call_id: 'one' }) : 'cart',
    );
    const cached = cacheTool(look, { cache: createToolCache(), policy: READ });
    const invoke = (id: string) => cached.invoke({ type: 'tool_call', id, name: 'look', args: { id: 'a' } });
    expect(await invoke('one')).toMatchObject({ status: 'error', tool_call_id: 'one' });
    expect([(await invoke('two')).text, (await invoke('three')).text, runs()]).toEqual(['cart', 'cart', 2]);
  });

  it('refuses input that does not fit before the cache sees it', async () => {
    const cache = createToolCache();
    const cached = cacheTool(counted(() => 'cart').look, { cache, policy: READ });
    await expect(cached.invoke({ town: 'a' } as never)).rejects.toThrow('did not match expected schema');
    expect(cache.metrics()).toMatchObject({ hits: 0, misses: 0 });
  });

  it('lets rules of its policy see the result: what is kept, for how long, and what it depends on', async () => {
    const clock = manualClock();
    const cache = createToolCache({ clock });
    const { look, runs } = counted(({ id }) => ({ id, shelf: `s-${id}` }));
    const cached = cacheTool(look, {
      cache,
      policy: {
        kind: 'read',
        scope: 'global',
        cacheIf: ({ id }) => id !== 'never',
        ttl: ({ id }) => (id === 'brief' ? '1s' : '1m'),
        resultResource: ({ shelf }) => ['shelf', shelf],
      },
    });
    const invoke = (id: string) => cached.invoke({ id });
    for (const id of ['never', 'never', 'brief', 'brief', 'long', 'long']) await invoke(id);
    expect(runs()).toBe(4);
    await clock.advance(1000);
    for (const id of ['brief', 'long']) await invoke(id);
    expect(runs()).toBe(5);
    await cache.invalidate(['shelf', 's-long']);
    for (const id of ['brief', 'long']) await invoke(id);
    expect(runs()).toBe(6);
  });
});

describe('cacheTools', () => {
  it('keeps the order of the tools, and caches those that a policy names', async () => {
    const first = counted((_, run) => `run ${run}`);
    const second = counted((_, run) => `run ${run}`, { name: 'roll' });
    const [look, roll] = cacheTools([first.look, second.look], { cache: createToolCache(), tools: { look: READ } });
    for (const cached of [look, roll]) for (let call = 0; call < 2; call += 1) await cached.invoke({ id: 'a' });
    expect([look.name, roll.name, first.runs(), second.runs()]).toEqual(['look', 'roll', 1, 2]);
  });

  it('takes MCP annotations where it is asked to', async () => {
    const read = counted((_, run) => `run ${run}`, { metadata: { annotations: { readOnlyHint: true } } });
    const write = counted(() => 'done', { name: 'write' });
    const [look, change] = cacheTools([read.look, write.look], {
      cache: createToolCache(),
      annotations: { resource: 'shop', scope: 'global' },
    });
    const answers = [];
    for (const each of [look, look, change, look]) answers.push(await each.invoke({ id: 'a' }));
    expect(answers).toEqual(['run 1', 'run 1', 'done', 'run 2']);
  });

  it('refuses options that are not allowed, and tools that are not there, by name', () => {
    const cache = createToolCache();
    const { look } = counted(() => '');
    expect(() => cacheTools([look], { cache, tool: {} } as never)).toThrow('Invalid option "tool"');
    expect(() => cacheTools([look], { cache: {} } as never)).toThrow('Invalid option "cache"');
    expect(() => cacheTools([look], { cache, tools: { lok: READ } })).toThrow('Invalid option "tools.lok"');
    expect(() => cacheTools([look], { cache, tools: { look: { kind: 'read', ttl: 'soon' } } } as never)).toThrow(
      'Invalid option "ttl"',
    );
    expect(() => cacheTool(look, { cache, policy: READ, tools: {} } as never)).toThrow('Invalid option "tools"');
  });
});
