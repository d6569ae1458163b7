import { connect, type Socket } from 'node:net';

import { DelayedQueue } from './delayed-queue.ts';
import type { ProxyFaults } from './proxy-faults.ts';
import { RespScanner } from './resp-scanner.ts';
import type { ServerAddress } from './server-command.ts';

const SUBSCRIBING = new Set(['SUBSCRIBE', 'PSUBSCRIBE', 'SSUBSCRIBE']);

/** Is one connection through the proxy, seen as the commands and replies that it carries. */
export class ProxiedConnection {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #faults: ProxyFaults;
  readonly #requests = new RespScanner();
  readonly #replies = new RespScanner();
  /** Counts the commands that were passed on, and the replies. */
  #asked = 0;
  #answered = 0;
  /** Is the number of the reply that is to be lost. */
  #lost: number | undefined;
  #isSubscriber = false;
  /** Holds what is under way in each direction. */
  readonly #underWay = { client: new DelayedQueue(), server: new DelayedQueue() };

  constructor(client: Socket, target: ServerAddress, faults: ProxyFaults) {
    this.#client = client;
    this.#server = connect(target);
    this.#faults = faults;
    client.setNoDelay(true);
    this.#server.setNoDelay(true);
    client.on('data', (chunk) => this.#fromClient(chunk));
    this.#server.on('data', (chunk) => this.#fromServer(chunk));
    client.on('end', () => this.#after('server', () => this.#server.end()));
    client.on('error', () => this.cut());
    client.on('close', () => this.#after('server', () => this.#server.destroy()));
    this.#server.on('error', () => this.#serverGone());
    this.#server.on('close', () => this.#serverGone());
  }

  get isSubscriber(): boolean {
    return this.#isSubscriber;
  }

  /** Breaks the connection at once, as a reset does. */
  cut(): void {
    this.#client.resetAndDestroy();
    this.#server.destroy();
  }

  #fromClient(chunk: Buffer): void {
    if (this.#faults.isHalfOpen) return;
    for (const { bytes, words } of this.#requests.push(chunk)) {
      const name = (words[0] ?? '').toUpperCase();
      this.#asked += 1;
      if (SUBSCRIBING.has(name)) this.#isSubscriber = true;
      if (this.#lost === undefined && this.#faults.losesReplyTo(name, words)) this.#lost = this.#asked;
      this.#after('server', () => this.#server.write(bytes));
    }
  }

  #fromServer(chunk: Buffer): void {
    for (const { bytes } of this.#replies.push(chunk)) {
      // What is pushed to subscribers answers no command.
      if (!this.#isSubscriber) this.#answered += 1;
      if (this.#lost !== undefined && this.#answered >= this.#lost) {
        this.cut();
        return;
      }
      if (this.#faults.isHalfOpen || (this.#isSubscriber && this.#faults.mutesSubscribers)) continue;
      this.#after('client', () => this.#client.write(bytes));
    }
  }

  /** Does something after the delay, and after everything that goes in the same direction. */
  #after(direction: 'client' | 'server', act: () => void): void {
    this.#underWay[direction].push(act, this.#faults.delayMs());
  }

  /** Tells the client, unless nobody is to be told anything. */
  #serverGone(): void {
    if (!this.#faults.isHalfOpen) this.#after('client', () => this.#client.destroy());
  }
}
