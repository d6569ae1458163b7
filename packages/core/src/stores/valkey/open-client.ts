import type { Cluster, ClusterOptions, Redis, RedisOptions, SentinelAddress } from 'iovalkey';

import { StoreError } from '../../errors.ts';
import type { ValkeyAddress } from './valkey-address.ts';
import type { ValkeyClient } from './valkey-client.ts';

/** Says what else a client is made of. */
export interface OpenClientOptions {
  /** Is the time within which a command must be answered, in milliseconds. */
  readonly budgetMs: number;
  /** Is passed on to the client; what follows from the promises of the store stays as it is. */
  readonly clientOptions: Readonly<Record<string, unknown>>;
}

/**
 * Makes a client that never sends a command twice and never keeps one waiting for ever.
 *
 * By default it would do both: send again what a lost connection may have done already, and hold commands back until the
 * server is there. What was not answered is an error here, and whoever asked decides what to do about it.
 *
 * @throws StoreError when the package `iovalkey` is not installed
 */
export async function openClient(address: ValkeyAddress, options: OpenClientOptions): Promise<ValkeyClient> {
  const client = await loadClient();
  const { nodes, path, username, password, database, isTls, group } = address;
  const shared: RedisOptions = {
    ...(isTls && { tls: {} }),
    ...(options.clientOptions as RedisOptions),
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: Math.max(options.budgetMs, 500),
    commandTimeout: Math.max(options.budgetMs * 2, 1_000),
    keepAlive: 5_000,
    retryStrategy: (attempt) => Math.min(25 * 2 ** Math.min(attempt, 6), 1_000),
    // A name that leads to a server which has become a replica leads elsewhere next time.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
  };
  if (address.kind === 'cluster') {
    const cluster: ClusterOptions = {
      lazyConnect: true,
      enableOfflineQueue: false,
      clusterRetryStrategy: (attempt) => Math.min(25 * 2 ** Math.min(attempt, 6), 1_000),
      retryDelayOnFailover: 20,
      retryDelayOnClusterDown: 20,
      maxRedirections: 3,
      slotsRefreshTimeout: 500,
      slotsRefreshInterval: 500,
      redisOptions: shared,
    };
    return new client.Cluster([...nodes], cluster) as unknown as ValkeyClient;
  }
  if (address.kind === 'sentinel') {
    const sentinels: SentinelAddress[] = nodes.map(({ host, port }) => ({ host, port }));
    return timedWhileConnecting(new client.Redis({ ...shared, sentinels, name: group as string }));
  }
  const place = path === undefined ? nodes[0] : { path };
  return timedWhileConnecting(
    new client.Redis({ ...shared, ...place, ...(database !== undefined && { db: database }) }),
  );
}

/**
 * Leaves the client's own timer to what it asks while it connects. Every operation of the store has a budget of its own, and a
 * second timer for each of its commands would be paid for by every hit.
 */
function timedWhileConnecting(client: Redis): ValkeyClient {
  const { options } = client;
  const { commandTimeout } = options;
  client.on('ready', () => delete options.commandTimeout);
  client.on('close', () => Object.assign(options, { commandTimeout }));
  const duplicate = client.duplicate.bind(client);
  client.duplicate = (override) => duplicate({ ...(commandTimeout && { commandTimeout }), ...override });
  return client as unknown as ValkeyClient;
}

async function loadClient(): Promise<{ readonly Redis: typeof Redis; readonly Cluster: typeof Cluster }> {
  try {
    return await import('iovalkey');
  } catch (cause) {
    throw new StoreError('store_unavailable', 'The Valkey store needs the package "iovalkey": npm install iovalkey.', {
      cause,
    });
  }
}
