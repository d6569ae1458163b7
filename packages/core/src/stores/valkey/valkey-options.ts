import { systemClock, type Clock } from '../../clock.ts';
import { parseDuration, type Duration } from '../../duration.ts';
import { InvalidOptionError } from '../../errors.ts';
import { checkCount, checkKnown, checkMethods, checkText } from '../../option-checks.ts';
import { parseValkeyUrl, type ValkeyAddress, type ValkeyNode } from './valkey-address.ts';
import type { InjectedClient, ValkeyClient } from './valkey-client.ts';
import { checkClient } from './check-client.ts';

/** Configures the Valkey store. Exactly one of `url`, `nodes`, `sentinels` and `client` says where the server is. */
export interface ValkeyStoreOptions {
  /** Is where the server is: `valkey://host:6379`, `valkeys://…` with TLS, `valkey-cluster://a:6379,b:6379`, `valkey-sentinel://a,b/group`, `valkey+unix:/path`. */
  readonly url?: string;
  /** Lists some nodes of a cluster. */
  readonly nodes?: readonly ValkeyNode[];
  /** Lists the sentinels that watch the servers; `group` names which. */
  readonly sentinels?: readonly ValkeyNode[];
  /** Names the group of servers that the sentinels watch. Default: "mymaster". */
  readonly group?: string;
  /** Is a client of `iovalkey` or `ioredis` that exists already; the store does not close it. */
  readonly client?: InjectedClient;
  /** Is passed on to the client that the store opens, for example `{ tls: { ca } }`. What the store needs for its promises stays as it is. */
  readonly clientOptions?: Readonly<Record<string, unknown>>;
  /** Is the number of parts that each namespace is kept in; all clients of a namespace must agree. Default: 16 in a cluster, otherwise 1. */
  readonly partitions?: number;
  /** Is the time that one operation may take before the tool runs without the cache. Default: "250ms". */
  readonly budget?: Duration;
  /** Is the time for which an invalidation that was not acknowledged is tried again before its caller is told. Default: "1s". */
  readonly invalidationBudget?: Duration;
  /** Is the time that one operation on durable state may take before it is an error. Default: "2s". */
  readonly stateBudget?: Duration;
  /** Is the time after which others may load in place of a process that has died. Default: "5s". */
  readonly lease?: Duration;
  /** Is the longest that others wait for one load, however alive its process is. Default: "60s". */
  readonly maxLoad?: Duration;
  /** Is the time without a call after which a session ends by itself. Default: "24h". */
  readonly sessionIdle?: Duration;
  /** Bounds the number of copies in this process; 0 keeps none. Default: 10 000. */
  readonly maxCopies?: number;
  /** Bounds the estimated size of all copies in this process, in bytes. Default: 64 MiB. */
  readonly maxCopyBytes?: number;
  /** Bounds the number of invalidated resources that are remembered in each partition; forgetting one costs misses, never freshness. Default: 100 000. */
  readonly maxTags?: number;
  /** Is the size of a stored value, in bytes, above which it is not stored. Default: 8 MiB. */
  readonly maxEntryBytes?: number;
  /** Is the size of a value, in bytes, above which it is compressed. Default: Infinity, none is. */
  readonly compressAbove?: number;
  /** Gives the time. Default: the clock of the machine. */
  readonly clock?: Clock;
}

/** Is what the options come to. */
export interface ResolvedValkeyOptions {
  readonly address: ValkeyAddress | undefined;
  readonly client: ValkeyClient | undefined;
  readonly clientOptions: Readonly<Record<string, unknown>>;
  readonly partitions: number;
  readonly budgetMs: number;
  readonly invalidationBudgetMs: number;
  readonly stateBudgetMs: number;
  readonly leaseMs: number;
  readonly maxLoadMs: number;
  readonly sessionIdleMs: number;
  readonly maxCopies: number;
  readonly maxCopyBytes: number;
  readonly maxTags: number;
  readonly maxEntryBytes: number;
  readonly compressAbove: number;
  readonly clock: Clock;
}

/** Checks the options and fills in the defaults. */
export function resolveValkeyOptions(options: ValkeyStoreOptions): ResolvedValkeyOptions {
  checkKnown(options, KNOWN);
  const places = PLACES.filter((place) => options[place] !== undefined);
  if (places.length !== 1) {
    throw new InvalidOptionError(
      places[1] ?? 'url',
      places.join(' and ') || undefined,
      `exactly one of ${PLACES.join(', ')}`,
    );
  }
  const client = options.client === undefined ? undefined : checkClient(options.client);
  const address = client === undefined ? addressOf(options) : undefined;
  const isCluster = client?.isCluster === true || address?.kind === 'cluster';
  const leaseMs = positive(options.lease ?? '5s', 'lease');
  return {
    address,
    client,
    clientOptions: options.clientOptions ?? {},
    partitions: checkPartitions(options.partitions ?? (isCluster ? 16 : 1)),
    budgetMs: positive(options.budget ?? '250ms', 'budget'),
    invalidationBudgetMs: parseDuration(options.invalidationBudget ?? '1s', 'invalidationBudget'),
    stateBudgetMs: positive(options.stateBudget ?? '2s', 'stateBudget'),
    leaseMs,
    maxLoadMs: Math.max(leaseMs, parseDuration(options.maxLoad ?? '60s', 'maxLoad')),
    sessionIdleMs: positive(options.sessionIdle ?? '24h', 'sessionIdle'),
    maxCopies: checkCount(options.maxCopies ?? 10_000, 'maxCopies', 0),
    maxCopyBytes: checkCount(options.maxCopyBytes ?? 64 * 1024 * 1024, 'maxCopyBytes', 0),
    maxTags: checkFinite(checkCount(options.maxTags ?? 100_000, 'maxTags', 10), 'maxTags'),
    maxEntryBytes: checkCount(options.maxEntryBytes ?? 8 * 1024 * 1024, 'maxEntryBytes', 0),
    compressAbove: checkCount(options.compressAbove ?? Infinity, 'compressAbove', 0),
    clock: checkMethods(options.clock ?? systemClock, 'clock', ['now', 'after']),
  };
}

const PLACES = ['url', 'nodes', 'sentinels', 'client'] as const;
const KNOWN = [
  ...PLACES,
  'group',
  'clientOptions',
  'partitions',
  'budget',
  'invalidationBudget',
  'stateBudget',
  'lease',
  'maxLoad',
  'sessionIdle',
  'maxCopies',
  'maxCopyBytes',
  'maxTags',
  'maxEntryBytes',
  'compressAbove',
  'clock',
];

function addressOf({ url, nodes, sentinels, group }: ValkeyStoreOptions): ValkeyAddress {
  if (group !== undefined && sentinels === undefined) {
    throw new InvalidOptionError('group', group, 'nothing without sentinels');
  }
  if (url !== undefined) return parseValkeyUrl(url);
  if (nodes !== undefined) return { kind: 'cluster', nodes: checkNodes(nodes, 'nodes'), isTls: false };
  const known = checkNodes(sentinels as readonly ValkeyNode[], 'sentinels');
  return { kind: 'sentinel', nodes: known, group: checkText(group ?? 'mymaster', 'group'), isTls: false };
}

function checkNodes(nodes: readonly ValkeyNode[], option: string): readonly ValkeyNode[] {
  const isValid =
    Array.isArray(nodes) &&
    nodes.length > 0 &&
    nodes.every(({ host, port }) => typeof host === 'string' && host !== '' && Number.isInteger(port) && port > 0);
  if (!isValid) throw new InvalidOptionError(option, nodes, 'a list of { host, port }, with at least one of them');
  return nodes;
}

function checkPartitions(partitions: number): number {
  if (Number.isInteger(partitions) && partitions >= 1 && partitions <= 1_024) return partitions;
  throw new InvalidOptionError('partitions', partitions, 'a whole number from 1 to 1024');
}

function checkFinite(value: number, option: string): number {
  if (Number.isFinite(value)) return value;
  throw new InvalidOptionError(option, value, 'a whole number of at least 10');
}

function positive(duration: Duration, option: string): number {
  const ms = parseDuration(duration, option);
  if (ms > 0) return ms;
  throw new InvalidOptionError(option, duration, 'more than 0 ms');
}
