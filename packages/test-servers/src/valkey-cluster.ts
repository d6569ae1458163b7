import { waitUntilFollowing } from './replica.ts';
import { startValkey, type ValkeyServer } from './valkey-server.ts';
import { freePort } from './free-port.ts';
import { waitUntil } from './wait-until.ts';

/** Configures a cluster. */
export interface ClusterOptions {
  /** Is the number of primaries, among which the slots are divided evenly. Default: 3. */
  readonly primaries?: number;
  /** Is the number of replicas, which the primaries get in turn. Default: 3. */
  readonly replicas?: number;
  /** Is the time after which a silent node counts as failed, in milliseconds. Default: 1000. */
  readonly nodeTimeoutMs?: number;
  /** Holds further directives of every node's configuration file, by name. */
  readonly config?: Readonly<Record<string, string | number>>;
}

/** Is a node as another node sees it. */
export interface ClusterNode {
  readonly id: string;
  readonly server: ValkeyServer;
  readonly role: 'primary' | 'replica';
  /** Is the primary that a replica follows. */
  readonly primaryId: string | undefined;
  /** Tells whether the node counts as failed. */
  readonly hasFailed: boolean;
  /** Tells whether the two have not yet shaken hands. */
  readonly isMeeting: boolean;
  /** Lists the ranges of slots that it serves, both ends included. */
  readonly slots: readonly (readonly [first: number, last: number])[];
}

const SLOTS = 16_384;

/** Is a Valkey Cluster whose nodes all run on this machine. */
export class ValkeyCluster implements AsyncDisposable {
  readonly servers: readonly ValkeyServer[];

  constructor(servers: readonly ValkeyServer[]) {
    this.servers = servers;
  }

  /** Is its address as an URL. */
  get url(): string {
    return `valkey-cluster://${this.servers.map(({ host, port }) => `${host}:${port}`).join(',')}`;
  }

  /** Returns the nodes as one that answers sees them. */
  async nodes(seenBy?: ValkeyServer): Promise<ClusterNode[]> {
    const witness = seenBy ?? this.servers.find(({ isAnswering }) => isAnswering);
    if (witness === undefined) throw new Error('No node of the cluster answers.');
    const text = String(await witness.command('CLUSTER', 'NODES'));
    return text.split('\n').flatMap((line) => this.#parse(line.trim()));
  }

  /** Returns the primary that serves a slot, and a replica of it if there is one. */
  async ownerOf(slot: number): Promise<{ primary: ClusterNode; replica: ClusterNode | undefined }> {
    const nodes = await this.nodes();
    const primary = nodes.find(({ slots }) => slots.some(([first, last]) => first <= slot && slot <= last));
    if (primary === undefined) throw new Error(`Nobody serves slot ${slot}.`);
    return { primary, replica: nodes.find(({ primaryId }) => primaryId === primary.id) };
  }

  /** Waits until every node that answers says that all slots are served. */
  async waitUntilHealthy(): Promise<void> {
    const answering = this.servers.filter(({ isAnswering }) => isAnswering);
    await waitUntil('the cluster is healthy', async () => {
      const infos = await Promise.all(answering.map((server) => server.command('CLUSTER', 'INFO')));
      return infos.every((info) => String(info).includes('cluster_state:ok'));
    });
  }

  /** Ends all nodes and removes their folders. */
  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #parse(line: string): ClusterNode[] {
    const [id = '', address = '', flags = '', primaryId, , , , , ...ranges] = line.split(' ');
    const port = Number(/:(\d+)@/.exec(address)?.[1]);
    const server = this.servers.find((each) => each.port === port);
    if (server === undefined) return [];
    const words = flags.split(',');
    const isReplica = words.includes('slave');
    const slots = ranges.filter((range) => /^\d/.test(range)).map((range) => range.split('-').map(Number));
    return [
      {
        id,
        server,
        role: isReplica ? 'replica' : 'primary',
        primaryId: isReplica ? primaryId : undefined,
        hasFailed: words.includes('fail'),
        isMeeting: words.includes('handshake'),
        slots: slots.map(([first = 0, last = first]) => [first, last]),
      },
    ];
  }
}

/** Starts a cluster and waits until it serves all slots; it takes about 2 s, so one serves many tests. */
export async function startCluster(options: ClusterOptions = {}): Promise<ValkeyCluster> {
  const { primaries = 3, replicas = 3, nodeTimeoutMs = 1_000 } = options;
  const starting = Array.from({ length: primaries + replicas }, async () =>
    startValkey({
      config: {
        'cluster-enabled': 'yes',
        'cluster-node-timeout': nodeTimeoutMs,
        // By default it is the port + 10000, which an outgoing connection may have.
        'cluster-port': await freePort(),
        ...options.config,
      },
    }),
  );
  const started = await Promise.allSettled(starting);
  const servers = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const cluster = new ValkeyCluster(servers);
  try {
    await Promise.all(starting);
    await join(cluster, primaries);
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

async function join(cluster: ValkeyCluster, primaries: number): Promise<void> {
  const { servers } = cluster;
  const [first] = servers as readonly [ValkeyServer];
  for (const [index, server] of servers.slice(0, primaries).entries()) {
    const [from, to] = [index, index + 1].map((share) => Math.floor((share * SLOTS) / primaries)) as [number, number];
    await server.command('CLUSTER', 'ADDSLOTSRANGE', from, to - 1);
    await server.command('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
  }
  for (const server of servers.slice(1)) {
    const [, busPort] = (await server.command('CONFIG', 'GET', 'cluster-port')) as [string, string];
    await first.command('CLUSTER', 'MEET', server.host, server.port, busPort);
  }
  await waitUntil('all nodes know each other', async () => {
    const views = await Promise.all(servers.map((server) => cluster.nodes(server)));
    return views.every((view) => view.length === servers.length && !view.some(({ isMeeting }) => isMeeting));
  });
  const ids = await Promise.all(servers.map((server) => server.command('CLUSTER', 'MYID')));
  const followers = servers.slice(primaries);
  for (const [index, replica] of followers.entries()) {
    const primaryId = String(ids[index % primaries]);
    await waitUntil('the replica knows its primary', async () => {
      return (await replica.command('CLUSTER', 'REPLICATE', primaryId)) === 'OK';
    });
  }
  await Promise.all(followers.map(waitUntilFollowing));
  await waitUntil('all nodes know the replicas', async () => {
    const views = await Promise.all(servers.map((server) => cluster.nodes(server)));
    return views.every((view) => view.filter(({ role }) => role === 'replica').length === followers.length);
  });
  await cluster.waitUntilHealthy();
}
