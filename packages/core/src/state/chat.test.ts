import { describe, expect, it } from 'vitest';

import { codeOf, givenState } from '../../test/agent-state.ts';

describe('Chat', () => {
  it('keeps messages in order, and returns all of them or a window', async () => {
    const { state } = givenState();
    const chat = state.chat<{ role: string; content: string }>('s1', { userId: 'ann' });
    expect(await chat.append({ role: 'user', content: 'hello' }, { role: 'assistant', content: 'hi' })).toEqual([1, 2]);
    await chat.append({ role: 'user', content: 'bye' });
    expect((await chat.messages()).map(({ content }) => content)).toEqual(['hello', 'hi', 'bye']);
    expect((await chat.messages({ last: 2 })).map(({ content }) => content)).toEqual(['hi', 'bye']);
    expect(await chat.messages({ after: 2 })).toHaveLength(1);
    expect((await chat.entries({ last: 1 }))[0]).toEqual({
      id: 3,
      at: new Date(1_700_000_000_000),
      message: { role: 'user', content: 'bye' },
    });
    expect(await chat.count()).toBe(3);
  });

  it('loses nothing when many append at once', async () => {
    const { state } = givenState({ seed: 9 });
    await Promise.all(Array.from({ length: 30 }, (_, index) => state.chat('s1', { userId: 'ann' }).append(index)));
    const messages = (await state.chat<number>('s1').messages()).toSorted((a, b) => a - b);
    expect(messages).toEqual([...Array(30).keys()]);
    expect((await state.chats.list({ userId: 'ann' })).chats).toHaveLength(1);
  });

  it('keeps the newest messages within its bound, and trims', async () => {
    const { state } = givenState();
    const chat = state.chat('s1', { maxMessages: 3 });
    await chat.append(1, 2, 3, 4, 5);
    expect(await chat.messages()).toEqual([3, 4, 5]);
    expect(await chat.trim({ maxLength: 1 })).toBe(2);
    expect(await chat.messages()).toEqual([5]);
    expect(await chat.count()).toBe(1);
  });

  it('merges what is noted about it, and loses no field that is noted at once', async () => {
    const { state } = givenState({ seed: 6 });
    expect(await state.chat('s1').meta()).toEqual({});
    await Promise.all(Array.from({ length: 10 }, (_, index) => state.chat('s1').meta({ [`field ${index}`]: index })));
    expect(Object.keys(await state.chat('s1').meta())).toHaveLength(10);
    expect(await state.chat('s1').meta({ 'field 0': undefined, title: 'Tea' })).toMatchObject({ title: 'Tea' });
    expect(await state.chat('s1').meta()).not.toHaveProperty('field 0');
  });

  it('is listed for its user only, page by page, with what is noted about it', async () => {
    const { state } = givenState();
    for (const id of ['s1', 's2', 's3']) await state.chat(id, { userId: 'ann' }).append('hello');
    await state.chat('s4', { userId: 'ann:s5' }).append('hello');
    await state.chat('s6').append('hello');
    await state.chat('s2', { userId: 'ann' }).meta({ title: 'Tea' });
    const first = await state.chats.list({ userId: 'ann', limit: 2 });
    expect(first.chats).toEqual([
      { id: 's1', userId: 'ann', meta: {} },
      { id: 's2', userId: 'ann', meta: { title: 'Tea' } },
    ]);
    expect((await state.chats.list({ userId: 'ann', cursor: first.cursor })).chats.map(({ id }) => id)).toEqual(['s3']);
    expect((await state.chats.list({ userId: 'an' })).chats).toEqual([]);
    expect((await state.chats.list()).chats.map(({ id }) => id)).toEqual(['s1', 's2', 's3', 's4', 's6']);
  });

  it('does not open for another user', async () => {
    const { state } = givenState();
    await state.chat('s1', { userId: 'ann' }).append('hello');
    expect(await codeOf(() => state.chat('s1', { userId: 'bob' }).append('me too'))).toBe('session_conflict');
    expect(await codeOf(() => state.chat('s1', { userId: 'bob' }).meta({ a: 1 }))).toBe('session_conflict');
    await state.chat('s1').append('whoever knows the id');
    expect(await state.chat('s1').count()).toBe(2);
  });

  it('is neither read nor removed by another user', async () => {
    const { state } = givenState();
    await state.chat('s1', { userId: 'ann' }).append('hello');
    const bobs = () => state.chat('s1', { userId: 'bob' });
    for (const attempt of [
      () => bobs().messages(),
      () => bobs().entries({ last: 1 }),
      () => bobs().count(),
      () => bobs().meta(),
      () => bobs().trim({ maxLength: 1 }),
      () => bobs().delete(),
    ]) {
      expect(await codeOf(attempt)).toBe('session_conflict');
    }
    expect(await state.chat('s1', { userId: 'ann' }).messages()).toEqual(['hello']);
    await state.chat('s1', { userId: 'ann' }).delete();
    expect(await bobs().messages()).toEqual([]);
  });

  it('goes as a whole when its time is over, which a message prolongs', async () => {
    const { state, clock } = givenState();
    const chat = state.chat('s1', { userId: 'ann', ttl: '1h' });
    await chat.append(1);
    await chat.meta({ title: 'Tea' });
    for (let turn = 0; turn < 3; turn += 1) {
      await clock.advance(3_500_000);
      await state.chat('s1', { ttl: '1h' }).append(turn);
    }
    expect((await state.chats.list({ userId: 'ann' })).chats).toEqual([
      { id: 's1', userId: 'ann', meta: { title: 'Tea' } },
    ]);
    await clock.advance(3_600_000);
    expect(await chat.messages()).toEqual([]);
    expect(await chat.meta()).toEqual({});
    expect((await state.chats.list({ userId: 'ann' })).chats).toEqual([]);
    await chat.append('again');
    expect((await state.chats.list({ userId: 'ann' })).chats).toHaveLength(1);
  });

  it('is deleted with all it holds, and can begin anew for somebody else', async () => {
    const { state } = givenState();
    const chat = state.chat('s1', { userId: 'ann' });
    await chat.append('hello');
    expect(await chat.delete()).toBe(true);
    expect(await chat.delete()).toBe(false);
    expect((await state.chats.list({ userId: 'ann' })).chats).toEqual([]);
    expect(await state.chat('s1', { userId: 'bob' }).append('mine')).toEqual([1]);
  });

  it('refuses a message with a credential as it is, and keeps it as it is where that is allowed', async () => {
    const token = `ghp_${'Ab3'.repeat(12)}`;
    expect(await codeOf(() => givenState().state.chat('s1').append(token))).toBe('credential_refused');
    const chat = givenState({ credentials: 'allow' }).state.chat('s1');
    await chat.append(token);
    expect(await chat.messages()).toEqual([token]);
  });

  it.each([
    ['id', '', {}],
    ['userId', 's1', { userId: '' }],
    ['ttl', 's1', { ttl: 'never' }],
    ['maxMessages', 's1', { maxMessages: 0 }],
    ['title', 's1', { title: 'Tea' }],
  ])('refuses a bad %s: %j, %j', (name, id, options) => {
    expect(() => givenState().state.chat(id, options as never)).toThrow(
      new RegExp(`Invalid (option|argument) "${name}": received .+, allowed: .+`),
    );
  });
});
