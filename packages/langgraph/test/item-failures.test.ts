import { memoryStore, type DocumentStore } from '@keepstep/core';
import { faultyStore } from '@keepstep/core/testing';
import { describe, expect, it } from 'vitest';

import { KeepstepStore } from '../src/index.ts';

describe('a store of items whose store fails', () => {
  it('asks again, and carries out a change once though the reply was lost', async () => {
    const store = faultyStore(memoryStore());
    const items = new KeepstepStore({ store });
    store.inject({ kind: 'lose-reply', operations: 'documents.apply', times: 2 });
    await items.put(['a'], 'key', { n: 1 });
    store.inject({ kind: 'reject', operations: ['documents.read', 'documents.keys'], times: 2 });
    expect(await items.get(['a'], 'key')).toMatchObject({ value: { n: 1 } });
    expect(store.calls('documents.apply')).toBe(3);
    const documents = (await store.state?.('default'))?.documents('langgraph items') as DocumentStore;
    const { keys } = await documents.keys({ prefix: '', after: undefined, limit: 9 });
    expect(await documents.read(keys)).toMatchObject([{ version: 1 }]);
  });

  it('says what is known when it goes on failing', async () => {
    const store = faultyStore(memoryStore());
    const items = new KeepstepStore({ store });
    store.inject({ kind: 'reject' });
    const unread = { code: 'state_unavailable' };
    await expect(items.get(['a'], 'key')).rejects.toMatchObject({ ...unread, subject: 'a/key' });
    await expect(items.search(['a', 'b'])).rejects.toMatchObject({ ...unread, subject: 'a/b' });
    await expect(items.listNamespaces()).rejects.toMatchObject(unread);
    await expect(items.put(['a'], 'key', {})).rejects.toMatchObject({ code: 'outcome_unknown', subject: 'a/key' });
    store.heal();
    expect(await items.get(['a'], 'key')).toBeNull();
  });

  it('says so when what it holds is damaged', async () => {
    const store = memoryStore();
    const items = new KeepstepStore({ store });
    await items.put(['a'], 'key', {});
    const documents = (await store.state?.('default'))?.documents('langgraph items') as DocumentStore;
    const { keys } = await documents.keys({ prefix: '', after: undefined, limit: 9 });
    const content = { form: 'value', text: 'damaged' } as const;
    await documents.apply('damage', [{ kind: 'set', key: keys[0] as string, content }]);
    await expect(items.get(['a'], 'key')).rejects.toMatchObject({ code: 'data_corrupt', subject: 'a/key' });
    await expect(items.search(['a'])).rejects.toMatchObject({ code: 'data_corrupt' });
  });

  it('opens the store that a URL names, and closes it', async () => {
    const items = KeepstepStore.fromUrl('memory:', { ttl: '1h' });
    await items.put(['a'], 'key', { n: 1 });
    expect(await items.get(['a'], 'key')).toMatchObject({ value: { n: 1 } });
    await items.close();
  });
});
