import { connect, type Socket } from 'node:net';

import { ReplyParser } from '../../src/resp/reply-parser.ts';
import type { Reply } from '../../src/resp/reply.ts';

/** Sends commands to a real server, byte for byte, and returns what it answers, errors included. */
export class ServerSocket {
  readonly #socket: Socket;
  readonly #parser = new ReplyParser();
  readonly #waiting: ((reply: Reply) => void)[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => {
      for (const reply of this.#parser.push(bytes.toString('latin1'))) this.#waiting.shift()?.(reply);
    });
  }

  /** Opens a connection to the socket of a server. */
  static async open(path: string): Promise<ServerSocket> {
    const socket = connect(path);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new ServerSocket(socket);
  }

  /** Sends one command. */
  send(words: readonly string[]): Promise<Reply> {
    const bytes = words.map((word) => `$${word.length}\r\n${word}\r\n`).join('');
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#socket.write(`*${words.length}\r\n${bytes}`, 'latin1');
    });
  }

  /** Closes the connection. */
  close(): void {
    this.#socket.destroy();
  }
}
