import { Document } from '@langchain/core/documents';
import {
  AIMessage,
  AIMessageChunk,
  ChatMessage,
  FunctionMessage,
  HumanMessage,
  HumanMessageChunk,
  RemoveMessage,
  SystemMessage,
  ToolMessage,
} from '@langchain/core/messages';
import { Command, Overwrite, Send } from '@langchain/langgraph';
import { DeltaSnapshot } from '@langchain/langgraph-checkpoint';

class Money {
  readonly amount = 1;
}
class Bytes extends Uint8Array {}
class OwnMessage extends HumanMessage {}
class OwnError extends Error {}

const shared = { at: new Date(1) };
const cyclic: Record<string, unknown> = { name: 'a' };
cyclic['self'] = [cyclic];
const message = new HumanMessage({ id: '1', content: 'hello' });
const selfMade = new ToolMessage({ id: '2', content: 'x', tool_call_id: 'c', artifact: {} as { message?: unknown } });
(selfMade.artifact as { message?: unknown }).message = [selfMade];
const changed = new HumanMessage({ content: 'before', name: undefined as never });
changed.content = 'after';
changed.id = 'given later';
const extended = Object.assign(new HumanMessage('hello'), { mine: { at: new Date(2) }, 'also mine': 1n });
const error = Object.assign(new TypeError('no', { cause: new RangeError('deep') }), { status: 404 });
const assigned = new Error('with a cause');
assigned.cause = { code: 1 };
const streamed = new AIMessageChunk({
  id: '3',
  content: '',
  tool_call_chunks: [{ id: 'c', index: 0, name: 'search', args: '{"query":', type: 'tool_call_chunk' }],
}).concat(
  new AIMessageChunk({
    content: '',
    tool_call_chunks: [{ index: 0, args: '"cats"}', type: 'tool_call_chunk' }],
    usage_metadata: { input_tokens: 1, output_tokens: 2, total_tokens: 3 } as never,
  }),
);
const record = {
  lc: 1,
  type: 'constructor',
  id: ['langchain_core', 'messages', 'HumanMessage'],
  kwargs: { content: 'x' },
};

/** Lists values that come back as they went in. */
export const keptKinds: readonly (readonly [kind: string, value: unknown])[] = [
  ['undefined', undefined],
  ['undefined in an object and in an array', { a: undefined, b: [undefined, 1] }],
  ['null', null],
  ['booleans and numbers', [true, false, 0, 1.5, -1, 2 ** 53, 1e21]],
  ['NaN, infinities and -0', [NaN, Infinity, -Infinity, -0, { zero: -0 }]],
  ['-0 alone', -0],
  ['a text with NUL and astral characters', '\0 \u{1f600} \u2028'],
  ['a lone surrogate, also as a key', { '\udc00': 'a\ud800' }],
  ['the empty text and the empty key', { '': '' }],
  ['keys of Object.prototype', { constructor: 1, toString: 2, hasOwnProperty: 3 }],
  ['integer-like keys', { 2: 'b', 1: 'a', b: 1 }],
  ['an own key __proto__', JSON.parse('{"a":{"__proto__":{"admin":true}}}')],
  ['an own key __proto__ beside a message', [message, JSON.parse('{"__proto__":{"admin":true}}')]],
  ['a bigint', { small: 1n, large: -(2n ** 200n) }],
  ['a date', new Date(1_700_000_000_000)],
  ['a map with object keys', new Map<unknown, unknown>([[{ id: 1 }, new Date(2)]])],
  ['a map in a map', new Map([['a', new Map([['b', undefined]])]])],
  ['a set', new Set([undefined, NaN, 'a'])],
  ['a Uint8Array', Uint8Array.of(0, 255)],
  ['a view with an offset', new Uint8Array([1, 2, 3, 4]).subarray(1, 3)],
  ['bytes in an object', { file: Uint8Array.of(1, 2, 3) }],
  ['a Buffer', Buffer.from('hello')],
  ['a Float32Array', Float32Array.of(1.5, NaN, -0)],
  ['a BigInt64Array', BigInt64Array.of(-1n)],
  ['an ArrayBuffer', Uint8Array.of(1, 2, 3).buffer],
  ['a DataView', new DataView(Uint8Array.of(1, 2, 3).buffer, 1, 1)],
  ['a URL', { link: new URL('https://a.example/b?c=d#e') }],
  ['an object without a prototype', Object.assign(Object.create(null) as object, { a: 1 })],
  ['an array with holes', Object.assign(Array.from({ length: 0 }), { 2: 1, length: 4 })],
  ['a shared reference', [shared, shared, { shared }]],
  ['a cycle', cyclic],
  ['an error with a cause, a stack and more', error],
  ['an error whose cause came later', { failed: assigned }],
  ['an error with a name of its own', Object.assign(new Error('no'), { name: 'NotFound' })],
  ['an error without a message', new Error()],
  ['errors in one', new AggregateError([new Error('a'), new URIError('b')], 'both')],
  ['a human message', message],
  [
    'a message with an id, a name and more',
    new HumanMessage({ id: '1', name: 'ann', content: 'x', additional_kwargs: { a: 1n } }),
  ],
  [
    'a message of blocks',
    new HumanMessage({
      content: [
        { type: 'text', text: 'x' },
        { type: 'image_url', image_url: 'data:' },
      ],
    }),
  ],
  ['a message of standard blocks', new AIMessage({ contentBlocks: [{ type: 'text', text: 'x' }] })],
  ['a message that was changed', changed],
  ['a message with fields of its own', extended],
  [
    'an answer of a model',
    new AIMessage({
      id: '1',
      content: 'x',
      tool_calls: [{ id: 'c', name: 'search', args: { since: new Date(3) } as never, type: 'tool_call' }],
      invalid_tool_calls: [{ id: 'd', name: 'find', args: '{', error: 'Malformed args.' }],
      usage_metadata: { input_tokens: 1, output_tokens: 2, total_tokens: 3 } as never,
      response_metadata: { model: 'm', at: new Date(4) },
    }),
  ],
  ['an answer that came in pieces', streamed],
  ['a piece of a message', new HumanMessageChunk('x')],
  ['a system message', new SystemMessage('be brief')],
  ['a message of a role', new ChatMessage('x', 'critic')],
  ['a message of a function', new FunctionMessage({ name: 'f', content: 'x' })],
  ['the removal of a message', new RemoveMessage({ id: '1' })],
  [
    'an answer of a tool',
    new ToolMessage({
      content: 'x',
      tool_call_id: 'c',
      status: 'error',
      name: 'search',
      artifact: { rows: new Map([[1, Uint8Array.of(1)]]) },
      metadata: { took: 5n },
    }),
  ],
  ['a message that holds itself', selfMade],
  ['messages in a list', [message, new AIMessage('hello'), message]],
  ['messages in a map and a set', new Map<unknown, unknown>([[message, new Set([message, new AIMessage('x')])]])],
  ['a document', new Document({ id: '1', pageContent: 'x', metadata: { at: new Date(5) } })],
  ['a document without metadata', [new Document({ pageContent: '' })]],
  ['an instruction to run a node', new Send('work', { item: message, at: new Date(6) })],
  ['one with a time limit', [new Send('work', { item: 1 }, { timeout: 5 })]],
  [
    'a command',
    new Command({ update: { messages: [message] }, goto: [new Send('a', { b: 1n })], graph: Command.PARENT }),
  ],
  ['an answer to an interrupt', new Command({ resume: { at: new Date(7) } })],
  ['a value in place of all others', { steps: new Overwrite([new Date(8)]) }],
  ['a snapshot of a channel', new DeltaSnapshot([message, new Date(9)])],
  ['an interrupt', [{ id: 'a', value: { question: 'really?', at: new Date(10) } }]],
  ['what looks like a record of LangChain', record],
  ['such a record beside a message', [message, record, { ...record, id: ['langchain', 'llms', 'OpenAI'] }]],
  ['such a record in a message', new HumanMessage({ content: 'x', additional_kwargs: { record, lc: 1 } })],
  ['what looks like a secret', { lc: 1, type: 'secret', id: ['HOME'] }],
  ['what looks like a record of LangGraph', { lc: 2, type: 'constructor', id: ['RegExp'], args: ['(a+)+$', ''] }],
  ['what looks like an instruction', { lg_name: 'Send', node: 'work', args: {} }],
  ['what looks like one of our own records', [['HumanMessage', []], 'c[["x",[]]]', { marks: [['Error', ['0']]] }]],
];

/** Lists values that cannot come back as they are, where the obstacle stands, and what it is. */
export const refusedKinds: readonly (readonly [obstacle: string, path: string, value: unknown])[] = [
  ['a function', '$', (): number => 1],
  ['a function', '$.tools[0].run', { tools: [{ run: (): number => 1 }] }],
  [
    'a function',
    '$[1].artifact.run',
    [message, new ToolMessage({ content: '', tool_call_id: 'c', artifact: { run: (): number => 1 } })],
  ],
  ['a function', '$.toJSON', { toJSON: (): string => 'called' }],
  ['a symbol', '$.a', { a: Symbol('a') }],
  ['a symbol key', '$.a', { a: { [Symbol('a')]: 1 } }],
  ['a symbol key', '$[0]', [Object.assign(new HumanMessage('x'), { [Symbol('a')]: 1 })]],
  ['an instance of Money', '$.price', { price: new Money() }],
  [
    'an instance of Money',
    '$.messages[0].additional_kwargs.price',
    { messages: [new HumanMessage({ content: '', additional_kwargs: { price: new Money() } })] },
  ],
  ['an instance of Money', '$.args.price', new Send('work', { price: new Money() })],
  ['an instance of Money', '$.cause', new Error('no', { cause: new Money() })],
  ['an instance of OwnMessage', '$[0]', [new OwnMessage('x')]],
  ['an instance of OwnError', '$.failed', { failed: new OwnError('no') }],
  ['an instance of Bytes', '$', new Bytes(1)],
  ['an instance of RegExp', '$.pattern', { pattern: /a+/u }],
  ['an instance of Promise', '$', Promise.resolve()],
  ['an instance of WeakMap', '$', new WeakMap()],
  ['an instance of ReadableStream', '$.body', { body: new ReadableStream() }],
  ['an instance of AbortSignal', '$.signal', { signal: new AbortController().signal }],
  ['an instance of Number', '$', Object(1)],
  ['a proxy', '$.a', { a: new Proxy({}, { get: fail, ownKeys: fail, getPrototypeOf: fail }) }],
  [
    'an accessor',
    '$.lazy',
    {
      get lazy(): never {
        return fail();
      },
    },
  ],
  [
    'an accessor',
    '$.metadata',
    Object.defineProperty(new Document({ pageContent: '' }), 'metadata', { get: fail, enumerable: true }),
  ],
  ['a non-enumerable property', '$.hidden', Object.defineProperty({}, 'hidden', { value: 1 })],
  ['a non-enumerable property', '$[0].hidden', [Object.defineProperty(new HumanMessage('x'), 'hidden', { value: 1 })]],
  ['extra properties on an array', '$', Object.assign([1], { more: 1 })],
  [
    'extra properties on an instance of Map',
    '$.a',
    { a: Object.assign(new Map([[1, message]]), { more: 1 }), b: message },
  ],
  ['extra properties on an instance of Uint8Array', '$', Object.assign(new Uint8Array(1), { more: 1 })],
  ['an instance of Error', '$', Object.create(Error.prototype)],
  ['an instance of HumanMessage', '$', Object.create(HumanMessage.prototype)],
  [
    'a property named __proto__ in a value that is more than JSON',
    '$.a.__proto__',
    { a: JSON.parse('{"__proto__":1}'), at: new Date() },
  ],
  ['nesting deeper than 500', `$${'[0]'.repeat(500)}`, nested(501)],
  ['nesting deeper than 500', `$${'[0]'.repeat(500)}`, nested(100_000)],
];

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}

function fail(): never {
  throw new Error('Code of the value has run.');
}
