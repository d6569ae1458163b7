import { Cluster, Redis, type ClusterOptions, type RedisOptions } from 'iovalkey';

/** Is where something listens. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Says how the servers of a stage are reached. */
export type Target =
  | ({ readonly kind: 'server' } & Endpoint)
  | { readonly kind: 'sentinel'; readonly name: string; readonly sentinels: readonly Endpoint[] }
  | { readonly kind: 'cluster'; readonly nodes: readonly Endpoint[] };

/** Runs no command twice and leaves none unanswered. */
const SETTINGS: RedisOptions = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  commandTimeout: 1_000,
  connectTimeout: 500,
  retryStrategy: (attempt) => Math.min(25 * 2 ** attempt, 500),
};

const CLUSTER_SETTINGS: ClusterOptions = {
  clusterRetryStrategy: () => 25,
  enableOfflineQueue: false,
  maxRedirections: 3,
  retryDelayOnFailover: 20,
  retryDelayOnClusterDown: 20,
  slotsRefreshTimeout: 500,
  slotsRefreshInterval: 500,
  redisOptions: SETTINGS,
};

/** Opens a client for the controls and waits until it is ready. */
export async function openClient(target: Target): Promise<Redis | Cluster> {
  const client = connect(target);
  // A client that is out of reach for a while is what the faults are about.
  client.on('error', () => undefined);
  await new Promise<void>((resolve) => client.once('ready', () => resolve()));
  return client;
}

function connect(target: Target): Redis | Cluster {
  if (target.kind === 'cluster') return new Cluster([...target.nodes], CLUSTER_SETTINGS);
  if (target.kind === 'server') return new Redis({ ...SETTINGS, host: target.host, port: target.port });
  return new Redis({ ...SETTINGS, sentinels: [...target.sentinels], name: target.name });
}
