import type { ValkeyClient } from './valkey-client.ts';
import type { ValkeyConnection } from './valkey-connection.ts';

function ignore(): void {
  // The client reports it and connects again by itself.
}

/**
 * Hears the messages of a namespace, on a connection of its own. They only save time: whatever is lost is found out by asking.
 */
export class Messages {
  readonly #connection: ValkeyConnection;
  readonly #channels: readonly string[];
  readonly #onMessage: (message: string, channel: string) => void;
  #client: ValkeyClient | undefined;
  #isOpening = false;
  #isClosed = false;

  constructor(
    connection: ValkeyConnection,
    channels: readonly string[],
    onMessage: (message: string, channel: string) => void,
  ) {
    this.#connection = connection;
    this.#channels = channels;
    this.#onMessage = onMessage;
  }

  /** Begins to listen, if nobody has yet. */
  open(): void {
    if (this.#isOpening || this.#isClosed) return;
    this.#isOpening = true;
    this.#connection.duplicate().then(
      (client) => this.#listen(client),
      () => void (this.#isOpening = false),
    );
  }

  close(): void {
    this.#isClosed = true;
    this.#client?.disconnect();
  }

  #listen(client: ValkeyClient): void {
    client.on('error', ignore);
    client.on('message', (channel: string, message: string) => this.#onMessage(message, channel));
    client.on('ready', () => void client.subscribe(...this.#channels).catch(ignore));
    this.#client = client;
    if (this.#isClosed) client.disconnect();
    else if (client.status === 'ready') client.subscribe(...this.#channels).catch(ignore);
    else if (client.status === 'wait') client.connect().catch(ignore);
  }
}
