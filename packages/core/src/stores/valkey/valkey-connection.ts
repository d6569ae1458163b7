import type { Clock } from '../../clock.ts';
import { messageOf, StoreError } from '../../errors.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { readIncarnation } from './incarnation.ts';
import { shaOf, type LuaScript } from './lua-script.ts';
import { withinBudget } from './store-deadline.ts';
import type { ValkeyClient } from './valkey-client.ts';

/** Says how a connection is made and used. */
export interface ConnectionSettings {
  /** Makes the client, on first use. */
  readonly open: () => Promise<ValkeyClient>;
  /** Tells whether the client is the store's own: only then it is known never to send anything twice. */
  readonly isOwn: boolean;
  readonly clock: Clock;
  /** Is the time that one operation may take, in milliseconds. */
  readonly budgetMs: number;
}

/** Says what to do with one operation. */
export interface OperationOptions<R = unknown> {
  readonly budgetMs?: number;
  /** Gets an answer that comes after its caller has gone. */
  readonly onLate?: (answer: R) => void;
  /** Is called when the connection is lost over it: the server may have done it, and nobody will ever hear of it. */
  readonly onUnanswered?: () => void;
}

/** Is a part of what is sent to the server. */
export type Argument = string | number | Buffer;

/**
 * Speaks to the server: every operation within a budget, none of them twice, none while the server is known to be down.
 *
 * A server that stands alone is asked for its incarnation once per connection. A connection leads to one process, so plain
 * commands can then prove what else only a script can. Where there are copies of the server, or where the client is not
 * ours and may send a command again on another connection, everything that must prove its incarnation is a script.
 */
export class ValkeyConnection {
  readonly #settings: ConnectionSettings;
  readonly #breaker: CircuitBreaker;
  #client: ValkeyClient | undefined;
  #readying: Promise<ValkeyClient> | undefined;
  #failWaiting: ((error: unknown) => void) | undefined;
  #isReady = false;
  #isClosed = false;
  #fence = '';
  #checkedAt = 0;
  #corked: { uncork(): void } | undefined;
  #lastError: unknown;
  #generation = 0;

  constructor(settings: ConnectionSettings) {
    this.#settings = settings;
    this.#breaker = new CircuitBreaker(settings.clock, () => this.#reconnect());
  }

  /** Is the number of the incarnation, where plain commands can prove it; otherwise nothing. */
  get fence(): string {
    return this.#fence;
  }

  /** Counts the connections so far: what was asked on an earlier one counts no more. */
  get generation(): number {
    return this.#generation;
  }

  /** Tells whether the server is known to be down, so that nothing is sent for the moment. */
  get isDown(): boolean {
    return this.#isClosed || this.#breaker.isOpen;
  }

  /** Waits until the server can be used. */
  async ready(): Promise<void> {
    await this.#send('connect', async () => undefined, { budgetMs: READY_MS });
  }

  /**
   * Runs a script. Strings in its answer come as buffers.
   *
   * @param args follow the fence where the script asks for it: `isFenced`
   * @throws StoreError when the server does not answer in time or cannot be reached
   */
  run(
    script: LuaScript,
    isFenced: boolean,
    keys: readonly string[],
    args: readonly Argument[],
    options?: OperationOptions,
  ): Promise<unknown> {
    const send = async (client: ValkeyClient): Promise<unknown> => {
      const rest = isFenced ? [...keys, this.#fence, ...args] : [...keys, ...args];
      this.#gather(client);
      try {
        return await client.evalshaBuffer(shaOf(script), keys.length, rest);
      } catch (error) {
        if (!messageOf(error).startsWith('NOSCRIPT')) throw error;
        const again = isFenced ? [...keys, this.#fence, ...args] : rest;
        return client.evalBuffer(script.source, keys.length, again);
      }
    };
    return this.#send(script.name, send, options);
  }

  /** Sends plain commands; those of one turn go out in one piece. */
  plain<R>(operation: string, send: (client: ValkeyClient) => Promise<R>, options?: OperationOptions<R>): Promise<R> {
    const gathered = (client: ValkeyClient): Promise<R> => {
      this.#gather(client);
      return send(client);
    };
    return this.#send(operation, gathered, options);
  }

  /** Makes a second client, for messages; it is the caller's to disconnect. */
  async duplicate(): Promise<ValkeyClient> {
    return (await this.#clientOnceReady()).duplicate({ autoResubscribe: false });
  }

  /** Lets go of the connection; what is under way is given up. */
  close(): void {
    this.#isClosed = true;
    this.#failWaiting?.(this.#unavailable('The store is closed.'));
    if (this.#client === undefined) return;
    for (const [event, listener] of this.#listeners) this.#client.off(event, listener);
    if (this.#settings.isOwn) {
      this.#client.on('error', () => undefined);
      this.#client.disconnect();
    }
    this.#lose();
  }

  #send<R>(
    operation: string,
    send: (client: ValkeyClient) => Promise<R>,
    options: OperationOptions<R> = {},
  ): Promise<R> {
    const { clock } = this.#settings;
    if (this.#isClosed) return Promise.reject(this.#unavailable('The store is closed.'));
    if (!this.#breaker.admits()) {
      return Promise.reject(this.#unavailable('Valkey does not answer; it is left alone for a moment.'));
    }
    const client = this.#client;
    const sending = (to: ValkeyClient): Promise<R> => {
      const reply = send(to);
      if (options.onUnanswered !== undefined) {
        reply.catch((error: unknown) => isReplyError(error) || options.onUnanswered?.());
      }
      return reply;
    };
    let sent: Promise<R>;
    try {
      sent =
        this.#isReady && client !== undefined ? this.#checked(client, sending) : this.#clientOnceReady().then(sending);
    } catch (error) {
      // Whoever was admitted reports what became of it, or nobody is admitted any more.
      sent = Promise.reject(error);
    }
    const answer = withinBudget(
      sent,
      { clock, budgetMs: options.budgetMs ?? this.#settings.budgetMs, operation },
      options.onLate,
    );
    answer.then(
      () => this.#breaker.succeed(),
      (error: unknown) => (isOutage(error) ? this.#breaker.fail() : this.#breaker.succeed()),
    );
    return answer;
  }

  #checked<R>(client: ValkeyClient, send: (client: ValkeyClient) => Promise<R>): Promise<R> {
    // A replica may be attached to a server that stood alone: from then on its incarnation is asked for in scripts.
    if (this.#fence !== '' && this.#settings.clock.now() - this.#checkedAt > RECHECK_MS) {
      this.#checkedAt = this.#settings.clock.now();
      this.#readIncarnation(client).catch(() => undefined);
    }
    return send(client);
  }

  #clientOnceReady(): Promise<ValkeyClient> {
    this.#readying ??= this.#connect().finally(() => (this.#readying = undefined));
    return this.#readying;
  }

  async #connect(): Promise<ValkeyClient> {
    if (this.#isReady && this.#client !== undefined) return this.#client;
    if (this.#client === undefined) {
      const client = await this.#settings.open();
      if (this.#isClosed) {
        if (this.#settings.isOwn) client.disconnect();
        throw this.#unavailable('The store is closed.');
      }
      this.#client = client;
      for (const [event, listener] of this.#listeners) client.on(event, listener);
    }
    const client = this.#client;
    if (client.status === 'wait') client.connect().catch((error: unknown) => (this.#lastError = error));
    if (client.status !== 'ready') await this.#onceReady(client);
    const generation = this.#generation;
    if (this.#settings.isOwn && client.isCluster !== true) await this.#readIncarnation(client);
    if (generation !== this.#generation) throw this.#unavailable('The connection to Valkey was lost.');
    this.#isReady = true;
    return client;
  }

  async #onceReady(client: ValkeyClient): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#failWaiting = reject;
    client.on('ready', resolve);
    try {
      await promise;
    } finally {
      client.off('ready', resolve);
      this.#failWaiting = undefined;
    }
  }

  async #readIncarnation(client: ValkeyClient): Promise<void> {
    const generation = this.#generation;
    const { clock, budgetMs } = this.#settings;
    const asked = withinBudget(client.info('server', 'replication'), { clock, budgetMs, operation: 'info' });
    const { fence, isReplicated } = readIncarnation(await asked);
    if (generation !== this.#generation) return;
    this.#checkedAt = this.#settings.clock.now();
    this.#fence = isReplicated ? '' : fence;
  }

  /** Holds back what is sent in this turn, so that it leaves in one piece. */
  #gather(client: ValkeyClient): void {
    const { stream } = client;
    if (this.#corked !== undefined || stream?.cork === undefined) return;
    this.#corked = stream;
    stream.cork();
    // A promise is a third of what `queueMicrotask` costs, which makes a resource for hooks each time.
    void Promise.resolve().then(() => {
      this.#corked?.uncork();
      this.#corked = undefined;
    });
  }

  readonly #listeners: readonly (readonly [string, (error?: unknown) => void])[] = [
    ['error', (error) => (this.#lastError = error)],
    [
      'close',
      () => {
        this.#lose();
        this.#failWaiting?.(this.#unavailable('Valkey cannot be reached.'));
      },
    ],
    ['ready', () => this.#breaker.retry()],
  ];

  #lose(): void {
    this.#isReady = false;
    this.#fence = '';
    this.#generation += 1;
  }

  /** A connection that swallows everything looks like a slow one: it is given up in favour of a new one. */
  #reconnect(): void {
    const client = this.#client;
    if (!this.#settings.isOwn || client?.status !== 'ready') return;
    for (const each of client.nodes?.() ?? [client]) each.disconnect(true);
  }

  #unavailable(message: string): StoreError {
    const reason = this.#lastError === undefined ? '' : ` (${messageOf(this.#lastError)})`;
    return new StoreError('store_unavailable', `${message}${reason}`, { cause: this.#lastError });
  }
}

/** Is how long somebody waits who asks for nothing but the connection. */
const READY_MS = 5_000;

/** Is how often a server that stood alone is asked whether it still does, while it is used. */
const RECHECK_MS = 1_000;

/** Names what a server answers that cannot do its work, whatever it is asked. */
const OUTAGES = /^(LOADING|READONLY|MASTERDOWN|NOREPLICAS|CLUSTERDOWN|TRYAGAIN|NOAUTH|WRONGPASS|NOPERM|MISCONF)/;

function isOutage(error: unknown): boolean {
  return !isReplyError(error) || OUTAGES.test(error.message);
}

function isReplyError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}
