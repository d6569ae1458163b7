import { Redis, type RedisOptions } from 'iovalkey';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { startProxy, type Proxy } from './proxy.ts';
import { startValkey, type ValkeyServer } from './valkey-server.ts';
import { waitUntil } from './wait-until.ts';

describe('startProxy', () => {
  let server: ValkeyServer;
  let proxy: Proxy;
  const clients: Redis[] = [];

  /** Connects through the proxy, with settings that try nothing again. */
  function connect(options: Partial<RedisOptions> = {}): Redis {
    const client = new Redis({ host: proxy.host, port: proxy.port, maxRetriesPerRequest: 0, ...options });
    client.on('error', () => undefined);
    clients.push(client);
    return client;
  }

  beforeAll(async () => {
    server = await startValkey();
  });
  beforeEach(async () => {
    await server.command('FLUSHALL');
    proxy = await startProxy(server);
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.disconnect();
    await proxy.stop();
  });
  afterAll(() => server.stop());

  it('passes commands and large values on, both ways', async () => {
    const client = connect();
    const large = 'x'.repeat(1_000_000);
    await client.set('key', large);
    expect(await client.get('key')).toBe(large);
  });

  it('holds what passes for the delay, in order', async () => {
    const client = connect();
    await client.ping();
    proxy.delay({ ms: 300, jitterMs: 50 });
    const replies = Promise.all(Array.from({ length: 20 }, () => client.incr('count')));
    expect(await server.command('INCR', 'count')).toBe(1);
    expect(await replies).toEqual(Array.from({ length: 20 }, (_, index) => index + 2));
  });

  it('breaks open connections and accepts new ones', async () => {
    const client = connect({ retryStrategy: () => 5 });
    await client.ping();
    const closed = new Promise((resolve) => client.once('close', resolve));
    proxy.cut();
    await closed;
    await new Promise((resolve) => client.once('ready', resolve));
    expect(await client.ping()).toBe('PONG');
  });

  it('refuses connections until it accepts them again', async () => {
    proxy.refuse();
    const client = connect({ retryStrategy: () => 5 });
    await expect(client.ping()).rejects.toThrow();
    proxy.refuse(false);
    await new Promise((resolve) => client.once('ready', resolve));
    expect(await client.ping()).toBe('PONG');
  });

  it('swallows everything while it is half-open, and keeps the connection', async () => {
    const client = connect({ commandTimeout: 50 });
    await client.ping();
    proxy.halfOpen();
    await expect(client.incr('count')).rejects.toThrow('Command timed out');
    expect(proxy.connections).toBe(1);
    expect(client.status).toBe('ready');
    expect(await server.command('GET', 'count')).toBe(null);
  });

  it('accepts connections and answers nothing on them while it is half-open', async () => {
    proxy.halfOpen();
    const client = connect({ commandTimeout: 50 });
    await expect(client.ping()).rejects.toThrow('Command timed out');
    expect(proxy.connections).toBe(1);
  });

  it('breaks the connections of subscribers and no others', async () => {
    const [client, subscriber] = [connect(), connect({ retryStrategy: () => null })];
    await client.ping();
    await subscriber.subscribe('news');
    const closed = new Promise((resolve) => subscriber.once('close', resolve));
    proxy.cutSubscribers();
    await closed;
    expect(await client.ping()).toBe('PONG');
    expect(client.status).toBe('ready');
  });

  it('swallows messages to subscribers and nothing else', async () => {
    const [client, subscriber] = [connect(), connect()];
    const messages: string[] = [];
    subscriber.on('message', (_: string, message: string) => messages.push(message));
    await subscriber.subscribe('news');
    proxy.muteSubscribers();
    expect(await client.publish('news', 'unheard')).toBe(1);
    proxy.muteSubscribers(false);
    await client.publish('news', 'heard');
    await waitUntil('a message arrives', () => messages.length > 0);
    expect(messages).toEqual(['heard']);
  });

  it('loses the reply of a command that has run', async () => {
    const client = connect();
    await client.set('count', 0);
    proxy.loseReplies({ commands: ['INCR'], count: 1 });
    await expect(client.incr('count')).rejects.toThrow();
    expect(await server.command('GET', 'count')).toBe('1');
    expect(proxy.lostReplies).toBe(1);
  });

  it('loses the replies that are picked by what was sent', async () => {
    const client = connect();
    proxy.loseReplies({ commands: ['INCR'], matching: (words) => words.includes('b') });
    expect(await client.incr('a')).toBe(1);
    await expect(client.incr('b')).rejects.toThrow();
    expect(await server.command('GET', 'b')).toBe('1');
  });

  it('passes on the replies before the lost one of the same pipeline', async () => {
    const client = connect();
    await client.ping();
    proxy.loseReplies({ commands: ['INCR'], count: 1 });
    const outcomes = await Promise.allSettled([client.set('a', 1), client.get('a'), client.incr('count')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(await server.command('GET', 'count')).toBe('1');
  });

  it('leads new connections to another server', async () => {
    await using other = await startValkey({ tcp: false });
    const before = connect();
    await before.set('key', 'here');
    proxy.retarget({ path: other.socketPath });
    expect(await connect().get('key')).toBe(null);
    expect(await before.get('key')).toBe('here');
  });

  it('heals', async () => {
    proxy.delay({ ms: 1_000 });
    proxy.refuse();
    proxy.muteSubscribers();
    proxy.loseReplies();
    proxy.halfOpen();
    proxy.heal();
    expect(await connect().ping()).toBe('PONG');
  });
});
