import type { LuaScript } from '../lua-script.ts';
import type { Argument, ValkeyConnection } from '../valkey-connection.ts';

/** Sends the commands of durable state: each a step of its own, answered or an error. */
export class StateCommands {
  readonly #connection: ValkeyConnection;
  readonly #budgetMs: number;

  constructor(connection: ValkeyConnection, budgetMs: number) {
    this.#connection = connection;
    this.#budgetMs = budgetMs;
  }

  run(script: LuaScript, keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    return this.#connection.run(script, false, keys, args, { budgetMs: this.#budgetMs });
  }

  /** Returns some members of a sorted set whose scores are all the same, in order. */
  lexRange(key: string, from: Buffer | string, to: Buffer | string, limit: number): Promise<Buffer[]> {
    const options = { budgetMs: this.#budgetMs };
    const range = ['BYLEX', 'LIMIT', '0', String(limit)];
    return this.#connection.plain('list', (client) => client.zrangeBuffer(key, from, to, ...range), options);
  }

  /** Gives a key a new expiry, if it is there. */
  async expire(key: string, ms: number): Promise<void> {
    await this.#connection.plain('touch', (client) => client.pexpire(key, ms), { budgetMs: this.#budgetMs });
  }

  /** Returns what a key holds, and the time that it has left in milliseconds. */
  async timed(key: string): Promise<{ readonly text: Buffer | null; readonly leftMs: number }> {
    const options = { budgetMs: this.#budgetMs };
    const [leftMs, text] = await this.#connection.plain(
      'read',
      (client) => Promise.all([client.pttl(key), client.getBuffer(key)]),
      options,
    );
    return { text, leftMs };
  }

  /** Returns the fields of a hash and their values in turn. */
  async hash(key: string): Promise<Buffer[]> {
    const options = { budgetMs: this.#budgetMs };
    const found = await this.#connection.plain('read', (client) => client.callBuffer('HGETALL', key), options);
    return found as Buffer[];
  }

  /** Tells which of some keys hold something; they may lie in different slots. */
  async existing(keys: readonly string[]): Promise<readonly boolean[]> {
    const options = { budgetMs: this.#budgetMs };
    const found = await this.#connection.plain(
      'exists',
      (client) => Promise.all(keys.map((key) => client.exists(key))),
      options,
    );
    return found.map((count) => count === 1);
  }

  /** Returns one field of several hashes, which may lie in different slots. */
  fields(keys: readonly string[], field: string): Promise<readonly (string | null)[]> {
    const options = { budgetMs: this.#budgetMs };
    return this.#connection.plain('read', (client) => Promise.all(keys.map((key) => client.hget(key, field))), options);
  }
}
