import { spawn, type ChildProcess } from 'node:child_process';

import { ProcessGuard } from './process-guard.ts';

/** Bounds what is kept of the output of a process, in characters. */
const KEPT_OUTPUT = 20_000;

/** Is a process that runs until it is told to stop, or until this one is gone. */
export class ServerProcess {
  readonly pid: number;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  #output = '';
  #isRunning = true;

  /** @param folder is removed when this process dies without having stopped the other */
  constructor(program: string, args: readonly string[], environment: Readonly<Record<string, string>>, folder: string) {
    const child = spawn(program, args, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    if (child.pid === undefined) throw new Error(`${program} could not be started.`);
    this.pid = child.pid;
    const guard = new ProcessGuard(child.pid, folder);
    this.ended = new Promise((resolve) => {
      child.once('exit', () => {
        this.#isRunning = false;
        guard.release();
        resolve();
      });
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-KEPT_OUTPUT);
      });
      // A server that nobody has stopped does not keep this process alive: the guard ends it.
      (stream as typeof stream & { unref?(): void }).unref?.();
    }
    child.unref();
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Is the end of what it has printed. */
  get output(): string {
    return this.#output;
  }

  /** Sends a signal. */
  signal(signal: NodeJS.Signals): void {
    if (this.#isRunning) this.#child.kill(signal);
  }

  /** Sends a signal that ends the process, and waits for its end. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (!this.#isRunning) return;
    this.#child.ref();
    this.#child.kill(signal);
    await this.ended;
  }
}
