import { memoryStore } from '@keepstep/core';
import { createAgentState } from '@keepstep/core/state';
import { manualClock } from '@keepstep/core/testing';
import {
  AIMessage,
  HumanMessage,
  RemoveMessage,
  SystemMessage,
  ToolMessage,
  type BaseMessage,
} from '@langchain/core/messages';
import { ChatPromptTemplate, MessagesPlaceholder } from '@langchain/core/prompts';
import { RunnableWithMessageHistory } from '@langchain/core/runnables';
import { fakeModel } from '@langchain/core/testing';
import { describe, expect, it } from 'vitest';

import { KeepstepChatMessageHistory, type ChatMessageHistoryOptions } from './chat-message-history.ts';

function given(options: Partial<ChatMessageHistoryOptions> = {}, clock = manualClock()) {
  const state = options.state ?? createAgentState({ store: memoryStore({ clock }), clock });
  return { clock, state, history: new KeepstepChatMessageHistory({ sessionId: 'chat', ...options, state }) };
}

const call = (id: string) => ({ name: 'look', args: { id: 'a' }, id, type: 'tool_call' as const });
const talk = (): BaseMessage[] => [
  new SystemMessage('Be brief.'),
  new HumanMessage({ content: [{ type: 'image_url', image_url: { url: 'data:a' } }], id: 'msg_1', name: 'ann' }),
  new AIMessage({
    content: 'I look.',
    tool_calls: [call('call_1')],
    usage_metadata: { input_tokens: 7, output_tokens: 5, total_tokens: 12 },
    response_metadata: { model: 'm' },
  } as object),
  new ToolMessage({ content: 'cart', tool_call_id: 'call_1', artifact: { taken: new Date(0) }, status: 'success' }),
  new AIMessage({
    content: 'Two.',
    usage_metadata: { input_tokens: 9, output_tokens: 1, total_tokens: 10 },
  } as object),
];

const kinds = (messages: readonly BaseMessage[]) => messages.map(({ type }) => type);

describe('KeepstepChatMessageHistory', () => {
  it('gives messages back in order, with all their fields and types', async () => {
    const { history } = given();
    expect(await history.getMessages()).toEqual([]);
    await history.addMessages(talk());
    expect(await history.getMessages()).toEqual(talk());
  });

  it('takes messages one by one, and plain texts', async () => {
    const { history } = given();
    await history.addMessage(new SystemMessage('Be brief.'));
    await history.addUserMessage('Well?');
    await history.addAIMessage('Yes.');
    await history.addMessages([]);
    expect((await history.getMessages()).map(({ type, text }) => [type, text])).toEqual([
      ['system', 'Be brief.'],
      ['human', 'Well?'],
      ['ai', 'Yes.'],
    ]);
  });

  it('reads the newest messages of its window, and no answer of a tool without its call', async () => {
    const { history, state } = given();
    await history.addMessages(talk());
    const windowOf = async (window: number) => kinds(await given({ state, window }).history.getMessages());
    expect(await windowOf(1)).toEqual(['ai']);
    expect(await windowOf(2)).toEqual(['ai']);
    expect(await windowOf(3)).toEqual(['ai', 'tool', 'ai']);
    expect(await windowOf(9)).toEqual(['system', 'human', 'ai', 'tool', 'ai']);
    await history.addMessages([new AIMessage({ content: '', tool_calls: [call('2')] }), ...talk().slice(3, 4)]);
    expect(await windowOf(1)).toEqual([]);
  });

  it('keeps as many messages as it may', async () => {
    const { history } = given({ maxMessages: 2 });
    await history.addMessages(talk());
    expect(await history.getMessages()).toEqual(talk().slice(-2));
  });

  it('tells how much is kept: messages, tokens, and since when nobody has said anything', async () => {
    const { history, clock } = given({ window: 1 });
    const none = { messages: 0, tokens: { input: 0, output: 0, total: 0 }, lastActiveAt: undefined };
    expect(await history.facts()).toEqual(none);
    await clock.advance(5000);
    await history.addMessages(talk());
    const lastActiveAt = new Date(clock.now());
    await clock.advance(5000);
    expect(await history.facts()).toEqual({ messages: 5, tokens: { input: 16, output: 6, total: 22 }, lastActiveAt });
    await history.clear();
    expect(await history.facts()).toEqual(none);
  });

  it('stays for its ttl after the last message', async () => {
    const { history, clock } = given({ ttl: '1h' });
    await history.addUserMessage('Well?');
    await clock.advance(3_000_000);
    await history.addAIMessage('Yes.');
    await clock.advance(3_000_000);
    expect(await history.getMessages()).toHaveLength(2);
    await clock.advance(600_000);
    expect(await history.getMessages()).toEqual([]);
  });

  it('lists the chats of a user, page by page, and nobody else’s', async () => {
    const { state } = given();
    for (const [sessionId, userId] of [
      ['a', 'ann'],
      ['b', 'bob'],
      ['c', 'ann'],
      ['d', 'ann'],
    ] as const) {
      await given({ state, sessionId, userId }).history.addUserMessage('Well?');
    }
    const first = await KeepstepChatMessageHistory.list(state, { userId: 'ann', limit: 2 });
    expect(first.chats).toEqual(['a', 'c'].map((sessionId) => ({ sessionId, userId: 'ann' })));
    const cursor = first.cursor as string;
    const second = await KeepstepChatMessageHistory.list(state, { userId: 'ann', limit: 2, cursor });
    expect(second.chats).toEqual([{ sessionId: 'd', userId: 'ann' }]);
    expect((await KeepstepChatMessageHistory.list(state)).chats).toHaveLength(4);
  });

  it('opens a chat for nobody but its user', async () => {
    const { state } = given();
    const anns = given({ state, userId: 'ann' }).history;
    await anns.addUserMessage('Well?');
    const bobs = given({ state, userId: 'bob' }).history;
    for (const attempt of [
      () => bobs.addUserMessage('Well?'),
      () => bobs.getMessages(),
      () => bobs.facts(),
      () => bobs.clear(),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: 'session_conflict' });
    }
    expect(await anns.getMessages()).toHaveLength(1);
  });

  it('refuses a message that would not come back as it is', async () => {
    const { history } = given();
    const artifact = { socket: new AbortController() };
    const message = new ToolMessage({ content: 'x', tool_call_id: 'call_1', artifact });
    await expect(history.addMessage(message)).rejects.toMatchObject({ code: 'not_encodable' });
    expect(await history.getMessages()).toEqual([]);
  });

  it('refuses what is no message of a chat, and can be read afterwards', async () => {
    const { history } = given();
    const both = [new HumanMessage('Well?'), new RemoveMessage({ id: 'msg_1' })];
    await expect(history.addMessages(both)).rejects.toThrow('Invalid option "message": received "remove"');
    expect(await history.getMessages()).toEqual([]);
  });

  it('refuses options that are not allowed, by name', () => {
    expect(() => given({ state: {} as never })).toThrow('Invalid option "state"');
    expect(() => given({ window: 0 })).toThrow('Invalid option "window"');
    expect(() => given({ sesionId: 'a' } as never)).toThrow('Invalid option "sesionId"');
    expect(() => given({ ttl: 'soon' as never })).toThrow('Invalid option "ttl"');
  });

  it('is there for everybody who shares the store', async () => {
    const store = memoryStore();
    const open = () => given({ state: createAgentState({ store }) }).history;
    await open().addMessages(talk());
    expect(await open().getMessages()).toEqual(talk());
  });

  it('works for a runnable with a history', async () => {
    const { history } = given();
    const model = fakeModel().respond(new AIMessage('Ann.')).respond(new AIMessage('You are Ann.'));
    const prompt = ChatPromptTemplate.fromMessages([new MessagesPlaceholder('history'), ['human', '{question}']]);
    const chain = new RunnableWithMessageHistory({
      runnable: prompt.pipe(model),
      getMessageHistory: () => history,
      inputMessagesKey: 'question',
      historyMessagesKey: 'history',
    });
    const config = { configurable: { sessionId: 'chat' } };
    await chain.invoke({ question: 'I am Ann.' }, config);
    await chain.invoke({ question: 'Who am I?' }, config);
    expect(model.calls.at(-1)?.messages.map(({ text }) => text)).toEqual(['I am Ann.', 'Ann.', 'Who am I?']);
    expect((await history.getMessages()).map(({ text }) => text)).toEqual([
      'I am Ann.',
      'Ann.',
      'Who am I?',
      'You are Ann.',
    ]);
  });
});
