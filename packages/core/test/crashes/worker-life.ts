import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Is the number of writes of a run; there is a read before each. */
export const WRITES = 10;

/** Tells a worker what to do. */
export interface WorkerOrder {
  readonly storeUrl: string;
  readonly upstreamUrl: string;
  readonly run: string;
  readonly life: number;
  readonly honoursKeys: boolean;
  /** Breaks the worker in one place, for what checks it to be checked. */
  readonly sabotage?: Sabotage | undefined;
}

/** Names what is wrong with a worker: it passes other idempotency keys each time, makes no steps of its writes, or resumes nothing. */
export type Sabotage = 'new keys' | 'no steps' | 'new runs';

/** Is a result that a worker was given: from then on it must never be another. */
export interface Acknowledged {
  readonly step: number;
  readonly value: string;
}

/** Is one life of a worker: a process from its start to its end. */
export class WorkerLife {
  readonly acknowledged: Acknowledged[] = [];
  /** Tells whether it has come to the end of its run. */
  isDone = false;
  /** Tells whether the process has ended, and all is known that it has said. */
  isGone = false;
  readonly #process: ChildProcess;
  readonly #ready: Promise<unknown>;
  readonly #gone: Promise<unknown>;
  #output = '';

  constructor() {
    this.#process = fork(fileURLToPath(new URL('./worker-process.ts', import.meta.url)), {
      execArgv: ['--disable-warning=ExperimentalWarning', '--conditions=keepstep-source'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#ready = once(this.#process, 'message');
    this.#ready.catch(() => undefined);
    // Closed comes after everything that was said before.
    this.#gone = once(this.#process, 'close').finally(() => (this.isGone = true));
    this.#process.stderr?.on('data', (chunk) => (this.#output += chunk));
    this.#process.on('message', (message: { kind: string } & Acknowledged) => {
      if (message.kind === 'result') this.acknowledged.push({ step: message.step, value: message.value });
      if (message.kind === 'done') this.isDone = true;
    });
  }

  /** Returns what it has complained of. */
  get complaint(): string {
    return this.#output;
  }

  /** Lets it work, and resolves when it is gone. */
  async work(order: WorkerOrder): Promise<void> {
    await this.#ready;
    this.#process.send(order);
    await this.#gone;
  }

  /** Resolves when it may be told what to do. */
  async ready(): Promise<void> {
    await this.#ready;
  }

  /** Kills it as hard as can be; nothing happens where it is gone already. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }
}
