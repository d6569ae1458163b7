import { describe, expect, it } from 'vitest';

import { detachReplica, startReplica } from './replica.ts';
import { startValkey } from './valkey-server.ts';
import { waitUntil } from './wait-until.ts';

describe('startReplica', () => {
  it('follows its primary, password included', async () => {
    await using primary = await startValkey({ password: 'secret' });
    await primary.command('SET', 'key', 'before');
    await using replica = await startReplica(primary);
    expect(await replica.command('GET', 'key')).toBe('before');
    await primary.command('SET', 'key', 'after');
    await waitUntil('the write arrives', async () => (await replica.command('GET', 'key')) === 'after');
    await expect(replica.command('SET', 'key', 'own')).rejects.toThrow('READONLY');
  });
});

describe('detachReplica', () => {
  it('makes the replica lose what is written until its primary dies', async () => {
    await using primary = await startValkey();
    await using replica = await startReplica(primary);
    await primary.command('SET', 'key', 'seen');
    await waitUntil('the write arrives', async () => (await replica.command('GET', 'key')) === 'seen');
    await detachReplica(primary, replica);
    await primary.command('SET', 'key', 'lost');
    await primary.kill9();
    replica.resume();
    await replica.command('REPLICAOF', 'NO', 'ONE');
    expect(await replica.command('GET', 'key')).toBe('seen');
  });
});
