import { Duplex } from 'node:stream';

import type { VirtualTime } from '../time/virtual-time.ts';

/** Is what happens to a socket at its other end. */
export interface SocketPeer {
  /** Receives bytes that the client has sent, at once: on their way they are the peer's business. */
  sent(bytes: string): void;
  /** Learns that the client has closed its end, or that the connection is broken. */
  closed(): void;
}

/** Is the client's end of a connection, with all that a client expects of a socket. */
export class SimulatedSocket extends Duplex {
  readonly remoteAddress = '192.0.2.1';
  readonly remotePort = 6379;
  connecting = true;
  readonly #time: VirtualTime;
  #peer: SocketPeer | undefined;
  #cancelTimeout: (() => void) | undefined;

  constructor(time: VirtualTime) {
    super({ allowHalfOpen: false });
    this.#time = time;
  }

  /** Says that the other end has accepted. */
  accepted(peer: SocketPeer): void {
    if (this.destroyed) {
      peer.closed();
      return;
    }
    this.#peer = peer;
    this.connecting = false;
    this.emit('connect');
    this.emit('ready');
  }

  /** Hands over bytes that have arrived. */
  arrived(bytes: string): void {
    if (!this.destroyed && !this.readableEnded) this.push(Buffer.from(bytes, 'latin1'));
  }

  /** Says that the other end has closed in order. */
  finished(): void {
    if (!this.destroyed) this.push(null);
  }

  /** Breaks the connection. */
  broken(code: string): void {
    if (this.destroyed) return;
    this.destroy(Object.assign(new Error(`connection broken: ${code}`), { code, syscall: 'read' }));
  }

  override _read(): void {
    // Bytes come when they arrive, asked for or not.
  }

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    if (this.connecting) {
      this.once('connect', () => this._write(bytes, _encoding, done));
      return;
    }
    this.#peer?.sent(bytes.toString('latin1'));
    done();
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: () => void): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'buffer', done);
  }

  override _final(done: () => void): void {
    this.#peer?.closed();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#cancelTimeout?.();
    this.#peer?.closed();
    done(error);
  }

  /** Is what clients use to bound the time to connect; it does not watch what comes after. */
  setTimeout(ms: number, callback?: () => void): this {
    this.#cancelTimeout?.();
    this.#cancelTimeout = undefined;
    if (ms > 0 && callback !== undefined) this.#cancelTimeout = this.#time.after(ms, callback);
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}
