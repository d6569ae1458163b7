import { isDeepStrictEqual } from 'node:util';

import { AIMessage, HumanMessage, RemoveMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { Send } from '@langchain/langgraph';
import { DeltaSnapshot, MemorySaver } from '@langchain/langgraph-checkpoint';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { KeepstepSerializer } from './keepstep-serializer.ts';

const serde = new KeepstepSerializer();
const ofLangGraph = new MemorySaver().serde;

async function read(value: unknown): Promise<unknown> {
  return serde.loadsTyped('json', JSON.stringify(value));
}

const message = (kwargs: object, name = 'HumanMessage'): object => ({
  lc: 1,
  type: 'constructor',
  id: ['langchain_core', 'messages', name],
  kwargs,
});

describe('readJsonPlus', () => {
  it.each([
    ['undefined', undefined],
    ['plain data', { a: [1, 'x', null, { b: undefined }], '': [] }],
    ['maps and sets', new Map<unknown, unknown>([['a', new Set([1, { b: new Map() }])]])],
    ['bytes', [Uint8Array.of(1, 2)]],
    ['bytes alone', Uint8Array.of(1, 2)],
    ['an error', new Error('no')],
    ['a snapshot', new DeltaSnapshot([new HumanMessage('x')])],
    ['an instruction', [new Send('work', { item: 1, messages: [new HumanMessage('x')] })]],
    ['messages', [new HumanMessage({ id: '1', content: 'x', name: 'ann' }), new SystemMessage('y')]],
    [
      'blocks',
      new HumanMessage({ content: [{ type: 'text', text: 'x' }], additional_kwargs: { fooBar: 1, foo_bar: 2 } }),
    ],
    ['the removal of a message', new RemoveMessage({ id: '1' })],
    ['a field of its own', new HumanMessage({ content: 'x', myField: 1 } as never)],
    [
      'an answer of a model',
      new AIMessage({
        content: 'x',
        tool_calls: [{ id: 'c', name: 'f', args: { some_thing: 1 } }],
        usage_metadata: { input_tokens: 1, output_tokens: 2, total_tokens: 3 } as never,
        response_metadata: { model_name: 'm' },
      }),
    ],
    [
      'an answer of a tool',
      new ToolMessage({ content: 'x', tool_call_id: 'c', status: 'error', artifact: { rows: [1] }, name: 'f' }),
    ],
  ])('reads %s as LangGraph does', async (_, value) => {
    const [type, bytes] = await ofLangGraph.dumpsTyped(value);
    const [own, expected] = [
      await serde.loadsTyped(type, bytes),
      (await ofLangGraph.loadsTyped(type, bytes)) as unknown,
    ];
    if (!isDeepStrictEqual(own, expected)) expect(own).toStrictEqual(expected);
    expect(isDeepStrictEqual(own, expected)).toBe(true);
  });

  it('leaves data alone that LangChain has marked as such', async () => {
    const record = message({ content: 'x' });
    const [type, bytes] = await ofLangGraph.dumpsTyped(
      new HumanMessage({ content: 'x', additional_kwargs: { record } }),
    );
    const { additional_kwargs: own } = (await serde.loadsTyped(type, bytes)) as HumanMessage;
    expect(own).toEqual({ record });
  });

  describe('makes no more than the closed list of what a store holds', () => {
    afterEach(() => {
      vi.unstubAllEnvs();
      vi.restoreAllMocks();
    });

    it('makes no regular expression', async () => {
      const compile = vi.spyOn(globalThis, 'RegExp');
      const record = { lc: 2, type: 'constructor', id: ['RegExp'], method: null, args: ['(a+)+$', ''], kwargs: {} };
      await expect(read({ pattern: record })).rejects.toThrow('serde: new MemorySaver().serde');
      expect(compile).not.toHaveBeenCalled();
    });

    it('makes no other class, and says so', async () => {
      for (const id of [
        ['langchain', 'llms', 'OpenAI'],
        ['langchain_core', 'prompts', 'prompt', 'PromptTemplate'],
        ['langchain_core', 'messages', 'constructor'],
        ['langchain_core', 'messages', '__proto__'],
        [],
      ]) {
        await expect(read([{ lc: 1, type: 'constructor', id, kwargs: {} }])).rejects.toMatchObject({
          code: 'data_corrupt',
        });
      }
    });

    it('looks up no secret', async () => {
      vi.stubEnv('CANARY', 'canary-value');
      const secret = { lc: 1, type: 'secret', id: ['CANARY'] };
      const value = await read([secret, message({ content: 'x', additional_kwargs: { secret } })]);
      expect(JSON.stringify(value)).not.toContain('canary-value');
      expect((value as unknown[])[0]).toEqual(secret);
    });

    it('leaves what only looks like a record as it is', async () => {
      const records = [
        { lc: 2, type: 'constructor', id: ['Function'], args: ['return 1'] },
        { lc: 2, type: 'constructor', id: ['Set'], method: 'from', args: [[1]] },
        { lc: 2, type: 'constructor', id: ['Map'], args: [[1]] },
        { lc: 2, type: 'constructor', id: ['Uint8Array'], args: [1e9] },
        { lc: 2, type: 'constructor', id: ['Uint8Array'], args: [[256]] },
        { lc: 2, type: 'delta_snapshot' },
        { lc: 1, type: 'not_implemented', id: ['a'] },
        { lc: 1, type: 'constructor', id: ['langchain_core', 'messages', 'HumanMessage'] },
      ];
      expect(await read(records)).toEqual(records);
    });

    it('pollutes no prototype', async () => {
      const value = (await serde.loadsTyped('json', '{"a":{"__proto__":{"admin":true}}}')) as {
        a: Record<string, unknown>;
      };
      expect(Object.getPrototypeOf(value.a)).toBe(Object.prototype);
      expect(value.a['admin']).toBeUndefined();
      const kwargs = '{"content":"x","__proto__":{"admin":true}}';
      const text = `{"lc":1,"type":"constructor","id":["langchain_core","messages","HumanMessage"],"kwargs":${kwargs}}`;
      const own = (await serde.loadsTyped('json', text)) as HumanMessage & { readonly admin?: unknown };
      expect(Object.getPrototypeOf(own)).toBe(HumanMessage.prototype);
      expect(own.admin).toBeUndefined();
      expect(({} as { readonly admin?: unknown }).admin).toBeUndefined();
    });

    it('refuses what is nested too deeply, in a message, too', async () => {
      const deep = '['.repeat(100_000) + ']'.repeat(100_000);
      const text = JSON.stringify(message({ content: 'DEEP' })).replace('"DEEP"', deep);
      for (const each of [deep, text]) {
        await expect(serde.loadsTyped('json', each)).rejects.toMatchObject({ code: 'data_corrupt' });
      }
    });
  });
});
