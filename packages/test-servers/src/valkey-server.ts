import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { findValkey } from './find-valkey.ts';
import { freePort } from './free-port.ts';
import { sendCommand, type ServerAddress } from './server-command.ts';
import { ServerProcess } from './server-process.ts';
import { valkeyArguments, type ValkeyOptions } from './valkey-options.ts';
import { waitUntil } from './wait-until.ts';

/** Bounds how often a start is tried again because somebody else took the port first. */
const ATTEMPTS = 5;

/** Is a Valkey server of its own, in a folder of its own. */
export class ValkeyServer implements AsyncDisposable {
  readonly host = '127.0.0.1';
  /** Is its TCP port; 0 where it has none. */
  readonly port: number;
  /** Leads to its Unix socket, which no proxy stands before. */
  readonly socketPath: string;
  /** Holds its data, such as `dump.rdb`. */
  readonly folder: string;
  readonly password: string | undefined;
  readonly #options: ValkeyOptions;
  readonly #sentinelRules: readonly string[] | undefined;
  #process: ServerProcess | undefined;
  #isPaused = false;

  private constructor(folder: string, port: number, options: ValkeyOptions, sentinelRules?: readonly string[]) {
    this.folder = folder;
    this.port = port;
    this.socketPath = join(folder, 's');
    this.password = options.password;
    this.#options = options;
    this.#sentinelRules = sentinelRules;
  }

  /**
   * Starts a server, and waits until it answers.
   *
   * @param sentinelRules make it a Sentinel; they are the first lines of the file in which it keeps what it knows
   */
  static async start(options: ValkeyOptions, sentinelRules?: readonly string[]): Promise<ValkeyServer> {
    for (let attempt = 1; ; attempt += 1) {
      const folder = await mkdtemp(join(tmpdir(), 'valkey-'));
      const server = new ValkeyServer(folder, options.tcp === false ? 0 : await freePort(), options, sentinelRules);
      try {
        await server.#run();
        return server;
      } catch (error) {
        await server.stop();
        if (attempt === ATTEMPTS || !/address already in use/i.test(String(error))) throw error;
      }
    }
  }

  /** Is its address as an URL, with the password. */
  get url(): string {
    if (this.port === 0) throw new Error(`The server has no TCP port; its socket is ${this.socketPath}.`);
    const credentials = this.password === undefined ? '' : `:${encodeURIComponent(this.password)}@`;
    return `valkey://${credentials}${this.host}:${this.port}`;
  }

  /** Is the number of its process; a server that was restarted has another. */
  get pid(): number {
    return this.#running.pid;
  }

  get isRunning(): boolean {
    return this.#process?.isRunning === true;
  }

  /** Tells whether it runs and is not paused. */
  get isAnswering(): boolean {
    return this.isRunning && !this.#isPaused;
  }

  /** Sends one command through the Unix socket, over a connection of its own, and returns the reply. */
  command(name: string, ...args: readonly (string | number)[]): Promise<unknown> {
    return sendCommand(this.#address, this.password, name, ...args);
  }

  /** Returns one field of INFO; empty where there is none. */
  async info(field: string): Promise<string> {
    const text = String(await this.command('INFO', 'everything'));
    return new RegExp(`^${field}:(.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
  }

  /** Stops the process as SIGSTOP does: connections stay, nothing is answered. */
  pause(): void {
    this.#running.signal('SIGSTOP');
    this.#isPaused = true;
  }

  /** Lets a paused process go on. */
  resume(): void {
    this.#running.signal('SIGCONT');
    this.#isPaused = false;
  }

  /** Kills the process as a crash does; its folder stays for `restart`. */
  async kill9(): Promise<void> {
    await this.#process?.end('SIGKILL');
    this.#isPaused = false;
  }

  /** Starts the server again, on the same port and with what is in its folder. One that still runs shuts down in order first. */
  async restart(): Promise<void> {
    if (this.#isPaused) this.resume();
    await this.#process?.end('SIGTERM');
    await this.#run();
  }

  /** Ends the server for good and removes its folder. May be called twice. */
  async stop(): Promise<void> {
    await this.kill9();
    await rm(this.folder, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  get #address(): ServerAddress {
    return { path: this.socketPath };
  }

  get #running(): ServerProcess {
    if (this.#process === undefined || !this.#process.isRunning) throw new Error('The server does not run.');
    return this.#process;
  }

  async #run(): Promise<void> {
    this.#isPaused = false;
    const { path, environment } = findValkey();
    const own = valkeyArguments(this.#options, this.folder, this.socketPath, this.port);
    const args = [...(await this.#sentinelArguments()), ...own];
    const started = new ServerProcess(path, args, environment, this.folder);
    this.#process = started;
    await waitUntil('the server answers', async () => {
      if (!started.isRunning) return true;
      return (await this.command('PING')) === 'PONG';
    });
    if (!started.isRunning) throw new Error(`valkey-server has ended at once:\n${started.output}`);
  }

  async #sentinelArguments(): Promise<string[]> {
    if (this.#sentinelRules === undefined) return [];
    const file = join(this.folder, 'sentinel.conf');
    if (!existsSync(file)) await writeFile(file, `${this.#sentinelRules.join('\n')}\n`);
    return [file, '--sentinel'];
  }
}

/** Starts a Valkey server on a free port, in a new folder, and waits until it answers. It dies with this process. */
export function startValkey(options: ValkeyOptions = {}): Promise<ValkeyServer> {
  return ValkeyServer.start(options);
}
