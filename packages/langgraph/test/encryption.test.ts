import { randomBytes } from 'node:crypto';

import { memoryStore, type CheckpointStore } from '@keepstep/core';
import { emptyCheckpoint, type Checkpoint, type CheckpointTuple } from '@langchain/langgraph-checkpoint';
import { describe, expect, it } from 'vitest';

import { KeepstepSaver, type EncryptionKey } from '../src/index.ts';
import { bindCheckpointer } from './bind-checkpointer.ts';

const key: EncryptionKey = { id: 'one', key: randomBytes(32) };
const metadata = { source: 'loop', step: 1, parents: {} } as const;

bindCheckpointer('in memory, encrypted and compressed', () => {
  return new KeepstepSaver({ encryption: { keys: [key] }, compression: 'gzip' });
});

function configOf(thread: string, id?: string): { configurable: Record<string, string> } {
  return { configurable: { thread_id: thread, checkpoint_ns: '', ...(id !== undefined && { checkpoint_id: id }) } };
}

function checkpoint(id: string, secret: string): Checkpoint {
  return { ...emptyCheckpoint(), id, channel_values: { secret }, channel_versions: { secret: 1 } };
}

async function filled(saver: KeepstepSaver, thread: string, secret: string): Promise<void> {
  await saver.put(configOf(thread), checkpoint('1', secret), metadata, { secret: 1 });
  await saver.put(configOf(thread, '1'), checkpoint('2', secret), metadata, {});
  await saver.putWrites(configOf(thread, '2'), [['xs', `${secret} too`]], 'task');
}

function secretOf(tuple: CheckpointTuple | undefined): unknown[] {
  return [tuple?.checkpoint.channel_values['secret'], tuple?.pendingWrites?.map(([, , value]) => value)];
}

describe('an encrypted checkpointer', () => {
  it('lets the store see neither values nor writes nor metadata', async () => {
    const store = memoryStore();
    const saver = new KeepstepSaver({ store, encryption: { keys: [key] } });
    await saver.put(configOf('a'), checkpoint('1', 'hush'), { ...metadata, note: 'hush' } as never, { secret: 1 });
    await saver.putWrites(configOf('a', '1'), [['xs', 'hush']], 'task');
    const port = (await store.checkpoints?.('default')) as CheckpointStore;
    const stored = await port.read({ thread: 'a', namespace: '' });
    const bytes = [stored?.record, stored?.metadata, stored?.values[0]?.value, stored?.writes[0]?.value];
    for (const each of bytes) {
      expect(each?.[0]).toBe(0xff);
      expect(Buffer.from(each as Uint8Array).includes('hush')).toBe(false);
    }
  });

  it('lets the store see no list, nor that two threads hold the same, and notices pieces that were moved', async () => {
    const store = memoryStore();
    const saver = new KeepstepSaver({ store, encryption: { keys: [key] } });
    const list = ['hush', 'hush', 'hush more'];
    const put = async (on: KeepstepSaver, thread: string, id: string, values: readonly string[]) =>
      on.put(
        configOf(thread),
        { ...emptyCheckpoint(), id, channel_values: { list: values }, channel_versions: { list: id } },
        metadata,
        { list: id },
      );
    for (const thread of ['a', 'b']) await put(saver, thread, '1', list);
    const port = (await store.checkpoints?.('default')) as CheckpointStore;
    const piecesOf = async (thread: string) => (await port.read({ thread, namespace: '' }))?.values[0]?.pieces ?? [];
    const [one, other] = [await piecesOf('a'), await piecesOf('b')];
    expect(new Set([...one, ...other].map(({ digest }) => digest)).size).toBe(one.length + other.length);
    for (const { value } of one) expect([value[0], Buffer.from(value).includes('hush')]).toEqual([0xff, false]);

    const rotated = new KeepstepSaver({ store, encryption: { keys: [{ id: 'two', key: randomBytes(32) }, key] } });
    const read = (await rotated.getTuple(configOf('a')))?.checkpoint.channel_values['list'] as string[];
    await put(rotated, 'a', '2', [...read, 'x'.repeat(200)]);
    expect((await piecesOf('a')).slice(0, one.length)).toEqual(one);
    expect((await rotated.getTuple(configOf('a')))?.checkpoint.channel_values['list']).toEqual([
      ...list,
      'x'.repeat(200),
    ]);

    const place = { thread: 'a', namespace: '', parent: undefined, id: '3' };
    const stored = await port.read({ thread: 'a', namespace: '' });
    const pieces = [{ digest: 'elsewhere', value: one[0]?.value as Uint8Array }];
    const channels = [{ channel: 'list', version: '3', list: { after: undefined, pieces } }];
    await port.put({
      ...place,
      record: stored?.record as Uint8Array,
      metadata: stored?.metadata as Uint8Array,
      channels,
    });
    await expect(saver.getTuple(configOf('a', '3'))).rejects.toMatchObject({ code: 'data_corrupt' });
  });

  it('copies a thread, which can be read without the other one, and forked', async () => {
    const saver = new KeepstepSaver({ encryption: { keys: [key] } });
    await filled(saver, 'a', 'hush');
    await filled(saver, 'b', 'gone');
    await saver.copyThread('a', 'b');
    await saver.deleteThread('a');
    expect(secretOf(await saver.getTuple(configOf('b')))).toEqual(['hush', ['hush too']]);
    await saver.put(configOf('b', '2'), checkpoint('3', 'hush'), metadata, {});
    expect(secretOf(await saver.getTuple(configOf('b')))[0]).toBe('hush');
    const threads: unknown[] = [];
    for await (const { config } of saver.list({})) threads.push(config.configurable?.['thread_id']);
    expect(threads).toEqual(['b', 'b', 'b']);
  });

  it('refuses bytes that somebody has moved from one thread to another', async () => {
    const store = memoryStore();
    const saver = new KeepstepSaver({ store, encryption: { keys: [key] } });
    await filled(saver, 'a', 'hush');
    const port = (await store.checkpoints?.('default')) as CheckpointStore;
    await port.copyThread('a', 'b');
    await expect(saver.getTuple(configOf('b'))).rejects.toMatchObject({
      code: 'data_corrupt',
      subject: 'a checkpoint of thread "b"',
    });
  });

  it('says which key is missing, and never hands out a part of a checkpoint', async () => {
    const store = memoryStore();
    await filled(new KeepstepSaver({ store, encryption: { keys: [key] } }), 'a', 'hush');
    const rotated = new KeepstepSaver({ store, encryption: { keys: [{ id: 'two', key: randomBytes(32) }, key] } });
    await rotated.putWrites(configOf('a', '2'), [['ys', 'new']], 'later');
    expect(secretOf(await rotated.getTuple(configOf('a')))).toEqual(['hush', ['new', 'hush too']]);
    const old = new KeepstepSaver({ store, encryption: { keys: [key] } });
    await expect(old.getTuple(configOf('a'))).rejects.toThrow('needs the key "two"; the keys are "one"');
    await expect(new KeepstepSaver({ store }).getTuple(configOf('a'))).rejects.toThrow('needs the key "one"');
  });

  it('reads what was stored before it encrypted, once it is told to, and what was compressed in another way', async () => {
    const store = memoryStore();
    await filled(new KeepstepSaver({ store }), 'a', 'hush '.repeat(1_000));
    const encryption = { keys: [key], allowUnencrypted: true };
    const moving = new KeepstepSaver({ store, encryption, compression: 'gzip' });
    expect(secretOf(await moving.getTuple(configOf('a')))[0]).toMatch(/^hush/);
    await filled(moving, 'b', 'hush '.repeat(1_000));
    const moved = new KeepstepSaver({ store, encryption: { keys: [key] }, compression: 'brotli' });
    expect(secretOf(await moved.getTuple(configOf('b')))[0]).toMatch(/^hush/);
    await expect(moved.getTuple(configOf('a'))).rejects.toThrow('allowUnencrypted is off');
  });

  it('compresses without keys, and goes on reading when compression is turned off', async () => {
    const store = memoryStore();
    await filled(new KeepstepSaver({ store, compression: 'gzip' }), 'a', 'hush '.repeat(1_000));
    const port = (await store.checkpoints?.('default')) as CheckpointStore;
    const stored = await port.read({ thread: 'a', namespace: '' });
    expect(stored?.values[0]?.value?.length).toBeLessThan(500);
    expect(secretOf(await new KeepstepSaver({ store }).getTuple(configOf('a')))[0]).toMatch(/^hush/);
  });

  it('refuses options that are not allowed, and shows no key', () => {
    const secret = 'correct horse battery staple';
    expect(() => new KeepstepSaver({ compression: 'zip' as never })).toThrow('"compression"');
    expect(() => new KeepstepSaver({ encryptoin: { keys: [{ id: 'one', key: secret }] } } as never)).not.toThrow(
      secret,
    );
    expect(() => new KeepstepSaver({ encryption: secret as never })).not.toThrow(secret);
    expect(() => new KeepstepSaver({ encryption: secret as never })).toThrow('"encryption"');
  });
});
