import { createServer, type AddressInfo, type Server } from 'node:net';

import { ProxiedConnection } from './proxied-connection.ts';
import { ProxyFaults, type Delay, type ReplyLoss } from './proxy-faults.ts';
import type { ServerAddress } from './server-command.ts';

/**
 * Stands between clients and a Valkey server, and breaks what passes through, command by command.
 *
 * It understands RESP2, so that it can act between two commands of a pipeline, and tell subscribers from others.
 */
export class Proxy implements AsyncDisposable {
  readonly host = '127.0.0.1';
  readonly #listener: Server;
  readonly #faults: ProxyFaults;
  readonly #connections = new Set<ProxiedConnection>();
  #target: ServerAddress;

  constructor(target: ServerAddress, random: () => number) {
    this.#target = target;
    this.#faults = new ProxyFaults(random);
    this.#listener = createServer({ allowHalfOpen: true }, (socket) => {
      if (this.#faults.refusesConnections) {
        socket.resetAndDestroy();
        return;
      }
      const connection = new ProxiedConnection(socket, this.#target, this.#faults);
      this.#connections.add(connection);
      socket.once('close', () => this.#connections.delete(connection));
    });
  }

  /** Is the port that clients connect to. */
  get port(): number {
    return (this.#listener.address() as AddressInfo).port;
  }

  /** Is the address for clients as an URL. */
  get url(): string {
    return `valkey://${this.host}:${this.port}`;
  }

  /** Counts the connections that are open. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Counts the replies that were lost since `loseReplies` was called. */
  get lostReplies(): number {
    return this.#faults.lostReplies;
  }

  /** Listens on a free port. */
  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#listener.once('error', reject);
      this.#listener.listen(0, this.host, () => resolve());
    });
  }

  /** Leads new connections to another server; those that are open stay where they are. */
  retarget(target: ServerAddress): void {
    this.#target = target;
  }

  /** Delays what passes from now on, each way, without changing its order. */
  delay(delay: Delay): void {
    this.#faults.delay = delay;
  }

  /** Breaks all connections; new ones are accepted. */
  cut(): void {
    for (const connection of this.#connections) connection.cut();
  }

  /** Refuses new connections, or accepts them again; those that are open stay. */
  refuse(refuses = true): void {
    this.#faults.refusesConnections = refuses;
  }

  /**
   * Swallows all bytes from now on, both ways, while connections stay open and new ones are accepted; nobody is told.
   * Ending this breaks the connections, which have lost bytes.
   */
  halfOpen(isHalfOpen = true): void {
    this.#faults.isHalfOpen = isHalfOpen;
    if (!isHalfOpen) this.cut();
  }

  /** Breaks the connections that have subscribed to something, and only those. */
  cutSubscribers(): void {
    for (const connection of this.#connections) if (connection.isSubscriber) connection.cut();
  }

  /** Swallows what is sent to subscribers, or lets it pass again; their connections stay. */
  muteSubscribers(mutes = true): void {
    this.#faults.mutesSubscribers = mutes;
  }

  /** Passes commands on and breaks the connection when the server replies to them: they have run, and nobody is told. */
  loseReplies(loss: ReplyLoss | false = {}): void {
    this.#faults.loseReplies(loss === false ? undefined : loss);
  }

  /** Ends every fault that goes on. */
  heal(): void {
    this.delay({});
    this.refuse(false);
    this.muteSubscribers(false);
    this.loseReplies(false);
    if (this.#faults.isHalfOpen) this.halfOpen(false);
  }

  /** Breaks all connections and stops listening. May be called twice. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#listener.close(() => resolve()));
    this.cut();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/**
 * Starts a proxy in front of a server, on a free port of 127.0.0.1.
 *
 * @param random decides where chance does; give a seeded one to repeat a run. Default: `Math.random`
 */
export async function startProxy(target: ServerAddress, random: () => number = Math.random): Promise<Proxy> {
  const proxy = new Proxy(target, random);
  await proxy.listen();
  return proxy;
}
