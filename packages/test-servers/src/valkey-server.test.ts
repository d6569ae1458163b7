import { existsSync } from 'node:fs';
import { Redis } from 'iovalkey';
import { describe, expect, it } from 'vitest';

import { startValkey } from './valkey-server.ts';

describe('startValkey', () => {
  it('answers over TCP and over the Unix socket', async () => {
    await using server = await startValkey();
    const client = new Redis(server.url.replace('valkey:', 'redis:'));
    await client.set('key', 'over TCP');
    client.disconnect();
    expect(await server.command('GET', 'key')).toBe('over TCP');
  });

  it('does without TCP where it is told to', async () => {
    await using server = await startValkey({ tcp: false });
    expect(await server.command('PING')).toBe('PONG');
    expect(() => server.url).toThrow(server.socketPath);
  });

  it('asks for the password', async () => {
    await using server = await startValkey({ password: 'open sesame' });
    expect(await server.command('PING')).toBe('PONG');
    const stranger = new Redis({ path: server.socketPath, retryStrategy: () => null, maxRetriesPerRequest: 0 });
    stranger.on('error', () => undefined);
    await expect(stranger.get('key')).rejects.toThrow('NOAUTH');
    stranger.disconnect();
    expect(server.url).toContain(':open%20sesame@');
  });

  it('takes a bound of memory and any directive', async () => {
    await using server = await startValkey({ maxMemory: 1_000_000, config: { maxclients: 77 } });
    expect(await server.command('CONFIG', 'GET', 'maxmemory', 'maxclients')).toEqual(
      expect.arrayContaining(['maxmemory', '1000000', 'maxclients', '77']),
    );
    expect(await server.command('CONFIG', 'GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
  });

  it('forgets after kill -9 what was in memory only', async () => {
    await using server = await startValkey();
    await server.command('SET', 'key', 'value');
    await server.kill9();
    await server.restart();
    expect(await server.command('GET', 'key')).toBe(null);
  });

  it('keeps across kill -9 what the append-only file holds', async () => {
    await using server = await startValkey({ appendOnly: 'always' });
    await server.command('SET', 'key', 'value');
    const { port, pid } = server;
    await server.kill9();
    await server.restart();
    expect(await server.command('GET', 'key')).toBe('value');
    expect(server.port).toBe(port);
    expect(server.pid).not.toBe(pid);
  });

  it('comes back from an older snapshot after kill -9', async () => {
    await using server = await startValkey();
    await server.command('SET', 'key', 'older');
    await server.command('SAVE');
    await server.command('SET', 'key', 'newer');
    await server.kill9();
    await server.restart();
    expect(await server.command('GET', 'key')).toBe('older');
  });

  it('saves on an orderly restart where it is configured to', async () => {
    await using server = await startValkey({ save: '3600 1' });
    await server.command('SET', 'key', 'value');
    await server.restart();
    expect(await server.command('GET', 'key')).toBe('value');
  });

  it('answers nothing while it is paused, and everything after', async () => {
    await using server = await startValkey();
    server.pause();
    expect(server.isAnswering).toBe(false);
    const client = new Redis({ path: server.socketPath, commandTimeout: 50, maxRetriesPerRequest: 0 });
    client.on('error', () => undefined);
    await expect(client.ping()).rejects.toThrow('Command timed out');
    const answer = server.command('PING');
    server.resume();
    expect(await answer).toBe('PONG');
    client.disconnect();
  });

  it('ends also when it is paused, and leaves no folder behind', async () => {
    const server = await startValkey();
    server.pause();
    await server.stop();
    await server.stop();
    expect(server.isRunning).toBe(false);
    expect(existsSync(server.folder)).toBe(false);
  });

  it('tells what the server has said when it does not start', async () => {
    await expect(startValkey({ config: { 'no-such-directive': 1 } })).rejects.toThrow('no-such-directive');
  });
});
