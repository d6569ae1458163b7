import { startReplica } from './replica.ts';
import type { ServerAddress } from './server-command.ts';
import type { ValkeyOptions } from './valkey-options.ts';
import { startValkey, ValkeyServer } from './valkey-server.ts';
import { waitUntil } from './wait-until.ts';

/** Configures a primary, its replicas and the Sentinels that watch them. */
export interface SentinelOptions {
  /** Is the number of replicas. Default: 1. */
  readonly replicas?: number;
  /** Is the number of Sentinels; more than half of them have to agree on a failover. Default: 3. */
  readonly sentinels?: number;
  /** Is the time after which a silent primary counts as down, in milliseconds. Default: 500. */
  readonly downAfterMs?: number;
  /** Configures the primary and its replicas. */
  readonly server?: ValkeyOptions;
}

/** Is the name under which the Sentinels know the primary. */
const NAME = 'keepstep';

/** Is a primary with replicas, and the Sentinels that make one of them the primary when it fails. */
export class SentinelGroup implements AsyncDisposable {
  /** Is the name under which clients ask the Sentinels for the primary. */
  readonly name = NAME;
  /** Lists the primary that was first, and then its replicas. */
  readonly servers: readonly ValkeyServer[];
  readonly sentinels: readonly ValkeyServer[];

  constructor(servers: readonly ValkeyServer[], sentinels: readonly ValkeyServer[]) {
    this.servers = servers;
    this.sentinels = sentinels;
  }

  /** Lists where the Sentinels are reached. */
  get addresses(): readonly Extract<ServerAddress, { port: number }>[] {
    return this.sentinels.map(({ host, port }) => ({ host, port }));
  }

  /** Returns the server that the first Sentinel takes for the primary. */
  async primary(): Promise<ValkeyServer> {
    const [sentinel] = this.sentinels as readonly [ValkeyServer];
    const [, port] = (await sentinel.command('SENTINEL', 'get-primary-addr-by-name', NAME)) as [string, string];
    const found = this.servers.find((server) => server.port === Number(port));
    if (found === undefined) throw new Error(`The Sentinels name a primary that is none of ours, at port ${port}.`);
    return found;
  }

  /** Waits until every Sentinel knows the other Sentinels and the replicas, without which there is no failover. */
  async waitUntilReady(): Promise<void> {
    await waitUntil('the Sentinels know each other and the replicas', async () => {
      const infos = await Promise.all(this.sentinels.map((sentinel) => sentinel.command('INFO', 'sentinel')));
      const expected = `slaves=${this.servers.length - 1},sentinels=${this.sentinels.length}`;
      return infos.every((info) => String(info).includes(expected));
    });
  }

  /** Waits until all Sentinels name another primary than the one given, and it accepts writes. */
  async waitUntilFailedOver(from: ValkeyServer): Promise<ValkeyServer> {
    await waitUntil('the Sentinels have made a replica the primary', async () => {
      const answers = await Promise.all(
        this.sentinels.map((sentinel) => sentinel.command('SENTINEL', 'get-primary-addr-by-name', NAME)),
      );
      if (answers.some((answer) => Number((answer as string[])[1]) === from.port)) return false;
      return (await (await this.primary()).info('role')) === 'master';
    });
    return this.primary();
  }

  /** Ends all servers and removes their folders. */
  async stop(): Promise<void> {
    await Promise.all([...this.sentinels, ...this.servers].map((server) => server.stop()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Starts a primary, its replicas and Sentinels, and waits until a failover would succeed. */
export async function startSentinelGroup(options: SentinelOptions = {}): Promise<SentinelGroup> {
  const { replicas = 1, sentinels = 3, downAfterMs = 500, server = {} } = options;
  const started: ValkeyServer[] = [];
  const watching: ValkeyServer[] = [];
  const group = new SentinelGroup(started, watching);
  try {
    const primary = await startValkey(server);
    started.push(primary);
    for (let count = 0; count < replicas; count += 1) started.push(await startReplica(primary, server));
    for (let count = 0; count < sentinels; count += 1) {
      watching.push(await ValkeyServer.start({}, rulesFor(primary, sentinels, downAfterMs)));
    }
    await group.waitUntilReady();
    return group;
  } catch (error) {
    await group.stop();
    throw error;
  }
}

function rulesFor(primary: ValkeyServer, sentinels: number, downAfterMs: number): string[] {
  const quorum = Math.floor(sentinels / 2) + 1;
  return [
    `sentinel monitor ${NAME} ${primary.host} ${primary.port} ${quorum}`,
    `sentinel down-after-milliseconds ${NAME} ${downAfterMs}`,
    // Is also the pause before a failed attempt is repeated.
    `sentinel failover-timeout ${NAME} ${downAfterMs * 4}`,
    ...(primary.password === undefined ? [] : [`sentinel auth-pass ${NAME} "${primary.password}"`]),
  ];
}
