import { Cluster } from 'iovalkey';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startCluster, type ValkeyCluster } from './valkey-cluster.ts';
import { waitUntil } from './wait-until.ts';

describe('startCluster', () => {
  let cluster: ValkeyCluster;
  beforeAll(async () => {
    cluster = await startCluster({ primaries: 3, replicas: 3, nodeTimeoutMs: 500 });
  });
  afterAll(() => cluster.stop());

  it('divides all slots among the primaries and gives each a replica', async () => {
    const nodes = await cluster.nodes();
    const primaries = nodes.filter(({ role }) => role === 'primary');
    const replicas = nodes.filter(({ role }) => role === 'replica');
    expect(new Set(primaries.map(({ slots }) => String(slots)))).toEqual(
      new Set(['0,5460', '5461,10921', '10922,16383']),
    );
    expect(new Set(replicas.map(({ primaryId }) => primaryId))).toEqual(new Set(primaries.map(({ id }) => id)));
    expect(replicas).toHaveLength(3);
  });

  it('serves a client whatever the slot of the key', async () => {
    const client = new Cluster(cluster.servers.map(({ host, port }) => ({ host, port })));
    const keys = Array.from({ length: 30 }, (_, index) => `key ${index}`);
    await Promise.all(keys.map((key) => client.set(key, key)));
    expect(await Promise.all(keys.map((key) => client.get(key)))).toEqual(keys);
    client.disconnect();
  });

  it('goes on with the replica when a primary dies, and takes it back as a replica', async () => {
    const { primary, replica } = await cluster.ownerOf(0);
    await primary.server.kill9();
    await waitUntil('the replica has taken over', async () => {
      return (await cluster.ownerOf(0)).primary.id === replica?.id;
    });
    await cluster.waitUntilHealthy();
    await primary.server.restart();
    expect(primary.server.isAnswering).toBe(true);
    await waitUntil('the old primary follows', async () => {
      const nodes = await cluster.nodes();
      return nodes.find(({ id }) => id === primary.id)?.primaryId === replica?.id;
    });
  });
});
