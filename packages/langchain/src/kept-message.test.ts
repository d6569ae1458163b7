import {
  AIMessage,
  AIMessageChunk,
  ChatMessage,
  FunctionMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
  type BaseMessage,
} from '@langchain/core/messages';
import { describe, expect, it } from 'vitest';

import { keptMessage, repeatedMessage, revivedMessage } from './kept-message.ts';

const when = new Date(0);
const common = { id: 'msg_1', name: 'ann', additional_kwargs: { camelCase: when }, response_metadata: { model: 'm' } };

const MESSAGES: readonly BaseMessage[] = [
  new HumanMessage({ ...common, content: [{ type: 'image_url', image_url: { url: 'data:a' } }] }),
  new SystemMessage({ ...common, content: 'Be brief.' }),
  new AIMessage('no id'),
  new AIMessage({
    ...common,
    content: 'I look.',
    tool_calls: [
      { name: 'look', args: { id: 'a', deep: { camelCase: [1] } }, id: 'call_1', type: 'tool_call' as const },
    ],
    invalid_tool_calls: [
      { name: 'look', args: '{', id: 'call_2', error: 'no JSON', type: 'invalid_tool_call' as const },
    ],
    usage_metadata: { input_tokens: 1, output_tokens: 2, total_tokens: 3, input_token_details: { cache_read: 1 } },
  } as object),
  new ToolMessage({
    ...common,
    content: 'cart',
    tool_call_id: 'call_1',
    status: 'error',
    artifact: { when, sums: new Map([['pen', 2n]]), bytes: new Uint8Array([1, 2]) },
    metadata: { tries: 2 },
  }),
  new ChatMessage({ ...common, content: 'x', role: 'critic' }),
  new FunctionMessage({ ...common, content: 'x', name: 'look' }),
];

/** Lists the fields of a message that are not LangChain's own affair. */
function fieldsOf(message: BaseMessage): object {
  return Object.fromEntries(
    Object.entries(message).filter(([name, value]) => !name.startsWith('lc_') && value !== undefined),
  );
}

describe.each(MESSAGES.map((message) => [message.type, message] as const))('a message of the type %s', (_, message) => {
  it('comes back with all its fields, types included', () => {
    const revived = revivedMessage(keptMessage(message));
    expect(revived.constructor).toBe(message.constructor);
    expect(fieldsOf(revived)).toStrictEqual(fieldsOf(message));
    expect(revived.toDict()).toStrictEqual(message.toDict());
  });

  it('is another one without its id where it is repeated', () => {
    const { id: _id, ...fields } = fieldsOf(message) as { id?: string };
    expect(fieldsOf(repeatedMessage(keptMessage(message)))).toStrictEqual(fields);
  });
});

it('makes a message of a chunk', () => {
  const revived = revivedMessage(keptMessage(new AIMessageChunk('half')));
  expect(revived).toBeInstanceOf(AIMessage);
  expect(revived.text).toBe('half');
});
