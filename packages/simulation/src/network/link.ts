import { ModelConnection } from '../model/model-connection.ts';
import { CommandParser } from '../resp/command-parser.ts';
import { encodeReply } from '../resp/encode-reply.ts';
import type { Reply } from '../resp/reply.ts';
import type { VirtualTime } from '../time/virtual-time.ts';
import type { Trace } from '../trace/trace.ts';
import type { Conditions } from './conditions.ts';
import type { SimulatedSocket, SocketPeer } from './simulated-socket.ts';

/** Is the network that a connection is part of. */
export interface LinkNetwork {
  readonly time: VirtualTime;
  readonly trace: Trace;
  readonly chance: () => number;
  readonly conditions: Conditions;
  latency(): number;
  deliver(process: string, delayMs: number, run: () => void): void;
}

/** Is the server at the other end of a connection. */
export interface LinkHost {
  readonly model: { readonly connections: Set<ModelConnection> };
  readonly links: Set<Link>;
  readonly isPaused: boolean;
  execute(connection: ModelConnection, words: readonly string[]): readonly Reply[];
}

/**
 * Carries bytes between a client and the server, each way in order, as TCP does. What a client has sent arrives even when
 * the client closes its end right after, or is gone.
 */
export class Link implements SocketPeer {
  readonly process: string;
  readonly #network: LinkNetwork;
  readonly #host: LinkHost;
  readonly #socket: SimulatedSocket;
  readonly #connection: ModelConnection;
  readonly #parser = new CommandParser();
  readonly #inbox: string[] = [];
  #lastArrival = 0;
  #lastDelivery = 0;
  /** Says that nothing arrives any more, in one direction or in both, and that nobody is told. */
  #isDeaf = false;
  #isMute = false;
  #isBroken = false;

  constructor(network: LinkNetwork, host: LinkHost, socket: SimulatedSocket, process: string, id: number) {
    this.process = process;
    this.#network = network;
    this.#host = host;
    this.#socket = socket;
    this.#connection = new ModelConnection(id, (message) => this.#pushed(message));
    host.model.connections.add(this.#connection);
    host.links.add(this);
  }

  sent(bytes: string): void {
    const { chance, conditions } = this.#network;
    if (bytes.length > 1 && chance() < conditions.slices) {
      const cut = 1 + Math.floor(chance() * (bytes.length - 1));
      this.#carry(bytes.slice(0, cut));
      this.#carry(bytes.slice(cut));
    } else this.#carry(bytes);
  }

  closed(): void {
    // The server learns of it after all that was sent before.
    this.#at('arrival', () => {
      this.#serverSide();
      if (!this.#isMute) this.#at('delivery', () => this.#socket.finished());
    });
  }

  /** Runs what has arrived, unless the server is busy with nothing. */
  serve(): void {
    while (this.#inbox.length > 0 && !this.#isBroken && !this.#host.isPaused) {
      for (const words of this.#parser.push(this.#inbox.shift() as string)) {
        if (!this.#execute(words)) return;
      }
    }
  }

  /** Breaks the connection for both ends: what is on its way is lost. */
  break(): void {
    if (this.#isBroken) return;
    this.#serverSide();
    this.#isBroken = true;
    if (!this.#isMute) this.#network.deliver(this.process, 0, () => this.#socket.broken('ECONNRESET'));
  }

  /**
   * Lets the connection swallow everything without a word.
   *
   * @param hears says that the server still gets what is sent, and only its answers are lost
   */
  silence(hears: boolean): void {
    this.#isMute = true;
    this.#isDeaf = !hears;
  }

  #carry(bytes: string): void {
    if (this.#isDeaf || this.#isBroken) return;
    this.#at('arrival', () => {
      if (this.#isBroken) return;
      this.#inbox.push(bytes);
      this.serve();
    });
  }

  /** Runs one command, and tells whether the connection has survived it. */
  #execute(words: string[]): boolean {
    const { chance, conditions, trace, time } = this.#network;
    if (conditions.lostCommands > 0 && chance() < conditions.lostCommands) {
      trace.command(time.now, this.process, words, 'lost before it ran');
      this.break();
      return false;
    }
    const replies = this.#host.execute(this.#connection, words);
    for (const reply of replies) trace.command(time.now, this.process, words, reply);
    if (conditions.lostReplies > 0 && chance() < conditions.lostReplies) {
      trace.note(time.now, `${this.process}: the answer is lost`);
      this.break();
      return false;
    }
    let bytes = '';
    for (const reply of replies) bytes += encodeReply(reply);
    this.#answer(bytes);
    return true;
  }

  #answer(bytes: string): void {
    if (this.#isMute || this.#isBroken) return;
    this.#at('delivery', () => {
      if (!this.#isBroken && !this.#isMute) this.#socket.arrived(bytes);
    });
  }

  #pushed(message: Reply): void {
    const { chance, conditions } = this.#network;
    if (conditions.lostMessages === 0 || chance() >= conditions.lostMessages) this.#answer(encodeReply(message));
  }

  #serverSide(): void {
    this.#host.links.delete(this);
    this.#host.model.connections.delete(this.#connection);
  }

  #at(direction: 'arrival' | 'delivery', run: () => void): void {
    const { time } = this.#network;
    const at = time.now + this.#network.latency();
    if (direction === 'arrival') {
      this.#lastArrival = Math.max(this.#lastArrival, at);
      time.schedule(this.#lastArrival - time.now, run);
    } else {
      this.#lastDelivery = Math.max(this.#lastDelivery, at);
      this.#network.deliver(this.process, this.#lastDelivery - time.now, run);
    }
  }
}
