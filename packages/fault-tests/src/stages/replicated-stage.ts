import {
  startProxy,
  startReplica,
  startValkey,
  waitUntilFollowing,
  type Proxy,
  type ValkeyServer,
} from '@keepstep/test-servers';

import type { Stage } from './stage.ts';

/** Is a primary and its replica, behind a proxy that leads to whichever is the primary, as a failover address does. */
export class ReplicatedStage implements Stage {
  readonly target: Stage['target'];
  readonly proxy: Proxy;
  primary: ValkeyServer;
  replica: ValkeyServer;

  constructor(primary: ValkeyServer, replica: ValkeyServer, proxy: Proxy) {
    this.primary = primary;
    this.replica = replica;
    this.proxy = proxy;
    this.target = { kind: 'server', host: proxy.host, port: proxy.port };
  }

  /** Makes the paused replica the primary before it has seen anything else, and leads clients to it. */
  async promotePausedReplica(): Promise<void> {
    // The order waits in its socket already when it goes on.
    const promoted = this.replica.command('REPLICAOF', 'NO', 'ONE');
    this.replica.resume();
    await promoted;
    this.#lead();
  }

  /** Makes the replica the primary, and leads clients to it. */
  async swap(): Promise<void> {
    await this.replica.command('REPLICAOF', 'NO', 'ONE');
    this.#lead();
  }

  /** Makes the server that is not the primary follow it. */
  async follow(): Promise<void> {
    const { primary, replica } = this;
    if (!replica.isRunning) await replica.restart();
    await replica.command('REPLICAOF', primary.host, primary.port);
    await waitUntilFollowing(replica);
  }

  #lead(): void {
    this.proxy.retarget(this.replica);
    this.proxy.cut();
    [this.primary, this.replica] = [this.replica, this.primary];
  }

  async stop(): Promise<void> {
    await this.proxy.stop();
    await Promise.all([this.primary.stop(), this.replica.stop()]);
  }
}

/** Starts a primary, its replica and the proxy. */
export async function openReplicatedStage(random: () => number): Promise<ReplicatedStage> {
  const primary = await startValkey();
  const replica = await startReplica(primary);
  return new ReplicatedStage(primary, replica, await startProxy(primary, random));
}
