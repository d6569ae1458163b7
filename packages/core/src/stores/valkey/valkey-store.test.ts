import { startCluster, startReplica, startValkey, type ValkeyCluster, type ValkeyServer } from '@keepstep/test-servers';
import { Redis } from 'iovalkey';
import { afterAll, beforeAll, describe, it } from 'vitest';

import { bindStoreConformance } from '../../testing/bind-store-conformance.ts';
import type { StoreCapability } from '../../testing/store-case.ts';
import type { ValkeyStoreOptions } from './valkey-options.ts';
import { valkeyStore } from './valkey-store.ts';

const LEASE_MS = 1_000;
const CAPABILITIES: readonly StoreCapability[] = ['lease-expiry', 'shared', 'foreign', 'state', 'checkpoints'];

let alone: ValkeyServer;
let primary: ValkeyServer;
let replica: ValkeyServer;
let cluster: ValkeyCluster;
let injected: Redis;

beforeAll(async () => {
  [alone, primary, cluster] = await Promise.all([startValkey({}), startValkey({}), startCluster()]);
  replica = await startReplica(primary);
  injected = new Redis({ port: alone.port });
});

afterAll(async () => {
  injected?.disconnect();
  await Promise.all([alone?.stop(), replica?.stop(), primary?.stop(), cluster?.stop()]);
});

interface Deployment {
  readonly name: string;
  readonly options: () => ValkeyStoreOptions;
  readonly servers: () => readonly ValkeyServer[];
  readonly capabilities?: readonly StoreCapability[];
}

const deployments: readonly Deployment[] = [
  { name: 'valkey', options: () => ({ url: alone.url }), servers: () => [alone], capabilities: ['stats'] },
  { name: 'valkey without copies', options: () => ({ url: alone.url, maxCopies: 0 }), servers: () => [alone] },
  {
    name: 'valkey over a Unix socket, compressed, in four partitions',
    options: () => ({ url: `valkey+unix:${alone.socketPath}`, compressAbove: 20, partitions: 4 }),
    servers: () => [alone],
    capabilities: ['stats'],
  },
  {
    name: 'valkey through a client of the application',
    options: () => ({ client: injected }),
    servers: () => [alone],
    capabilities: ['stats'],
  },
  {
    name: 'valkey with a replica',
    options: () => ({ url: primary.url }),
    servers: () => [primary],
    capabilities: ['stats'],
  },
  {
    name: 'valkey cluster',
    options: () => ({ url: cluster.url }),
    servers: () => cluster.servers,
    capabilities: ['stats'],
  },
];

for (const { name, options, servers, capabilities = [] } of deployments) {
  let run = 0;
  bindStoreConformance(
    { describe, it },
    {
      name,
      async create() {
        run += 1;
        const open = () => valkeyStore({ ...options(), lease: LEASE_MS, maxLoad: LEASE_MS, budget: '5s' });
        await Promise.all(servers().map((server) => server.command('FLUSHALL').catch(() => undefined)));
        return { a: open(), b: open() };
      },
      advance: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      capabilities: [...CAPABILITIES, ...capabilities],
      leaseMs: LEASE_MS,
      foreign() {
        const key = `somebody else's ${run}`;
        // In a cluster, one of them has the slot of the key; the others refuse.
        const ask = (command: string, ...args: string[]): Promise<unknown> =>
          Promise.any(servers().map((server) => server.command(command, ...args)));
        return {
          async write() {
            await ask('SET', key, 'theirs');
          },
          intact: async () => (await ask('GET', key)) === 'theirs',
        };
      },
    },
  );
}
