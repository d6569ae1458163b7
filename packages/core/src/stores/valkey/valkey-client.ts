/**
 * Is what the store needs of a client: a connection to one server, or to a cluster. The clients of `iovalkey` and `ioredis`
 * have this shape.
 */
export interface ValkeyClient {
  /** Is `ready` when commands can be sent; `wait` when `connect` has not been called yet. */
  readonly status: string;
  /** Tells a cluster from one server. */
  readonly isCluster?: boolean;
  /** Is the socket of a connection to one server; commands that are sent together go out in one piece. */
  readonly stream?: { cork(): void; uncork(): void } | undefined;
  connect(): Promise<unknown>;
  /** @param reconnect asks for a new connection in place of this one */
  disconnect(reconnect?: boolean): void;
  /** Lists the connections to the nodes of a cluster. */
  nodes?(): ValkeyClient[];
  /** Makes a second client of the same server, for messages. */
  duplicate(override?: { readonly autoResubscribe: boolean }): ValkeyClient;
  on(event: string, listener: (...args: never[]) => void): unknown;
  off(event: string, listener: (...args: never[]) => void): unknown;
  info(...sections: string[]): Promise<string>;
  get(key: string): Promise<string | null>;
  getBuffer(key: string): Promise<Buffer | null>;
  pttl(key: string): Promise<number>;
  set(key: string, value: string | Buffer, ...options: (string | number)[]): Promise<unknown>;
  zmscore(key: string, ...members: string[]): Promise<(string | null)[]>;
  zrange(key: string, ...range: string[]): Promise<string[]>;
  zrangeBuffer(key: string, from: string | Buffer, to: string | Buffer, ...options: string[]): Promise<Buffer[]>;
  pexpire(key: string, ms: number): Promise<number>;
  callBuffer(command: string, ...args: string[]): Promise<unknown>;
  exists(key: string): Promise<number>;
  hget(key: string, field: string): Promise<string | null>;
  /** @param rest goes in as one list: there may be more of it than a function takes arguments */
  evalshaBuffer(sha: string, keys: number, rest: readonly (string | Buffer | number)[]): Promise<unknown>;
  evalBuffer(source: string, keys: number, rest: readonly (string | Buffer | number)[]): Promise<unknown>;
  subscribe(...channels: string[]): Promise<unknown>;
}

/**
 * Is a client that somebody else has made, of `iovalkey` or `ioredis`. Their types leave out the commands that answer with
 * bytes, so the store looks for all that it needs when it is made.
 */
export interface InjectedClient {
  readonly status: string;
  readonly isCluster?: boolean;
  connect(): Promise<unknown>;
  disconnect(): void;
  get(key: string): Promise<string | null>;
}
