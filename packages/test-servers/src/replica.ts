import { startValkey, type ValkeyServer } from './valkey-server.ts';
import type { ValkeyOptions } from './valkey-options.ts';
import { waitUntil } from './wait-until.ts';

/** Starts a server that follows another, with the same password, and waits until it has its data. */
export async function startReplica(primary: ValkeyServer, options: ValkeyOptions = {}): Promise<ValkeyServer> {
  const { password } = primary;
  const replica = await startValkey({
    ...options,
    ...(password === undefined ? {} : { password }),
    config: { ...options.config, replicaof: `${primary.host} ${primary.port}` },
  });
  await waitUntilFollowing(replica);
  return replica;
}

/** Waits until a replica is connected to its primary and has its data. */
export async function waitUntilFollowing(replica: ValkeyServer): Promise<void> {
  await waitUntil('the replica follows', async () => (await replica.info('master_link_status')) === 'up');
}

/**
 * Makes a replica lose what its primary writes from now on: it is stopped, and the primary forgets the connection. A
 * replica whose primary was merely killed would first read what is left in its socket, and so lose nothing.
 *
 * `resume` lets it go on, for example as the next primary.
 */
export async function detachReplica(primary: ValkeyServer, replica: ValkeyServer): Promise<void> {
  replica.pause();
  await primary.command('CLIENT', 'KILL', 'TYPE', 'replica');
}
