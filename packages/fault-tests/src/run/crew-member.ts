import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ProcessGuard } from '@keepstep/test-servers';

import type { Notice, Order, WorkPlan } from '../worker/messages.ts';

const PROGRAM = fileURLToPath(new URL('../worker/worker-main.ts', import.meta.url));
const CONDITION = '--conditions=keepstep-source';
/** Is for reads that wait for a lease, on a machine under load. */
const TIMEOUT_MS = 45_000;

/** Hears what a worker has seen. */
export interface CrewListener {
  batch(notice: Extract<Notice, { type: 'batch' }>): void;
  dying(records: Float64Array): void;
  problem(text: string): void;
}

/** Is one worker process, seen from the process that leads. */
export class CrewMember {
  readonly #child: ChildProcess;
  readonly #awaited = new Map<string, () => void>();
  readonly #gone: Promise<void>;
  #listener: CrewListener | undefined;
  #flushes = 0;
  #isStopped = false;
  #isGone = false;

  constructor() {
    this.#child = fork(PROGRAM, { execArgv: [CONDITION], serialization: 'advanced' });
    // A stopped process would not see that its parent is gone.
    const guard = new ProcessGuard(this.#child.pid as number);
    this.#child.on('message', (notice: Notice) => this.#hear(notice));
    const ended = new Promise<void>((resolve) => {
      this.#child.once('exit', () => {
        this.#isGone = true;
        guard.release();
        resolve();
      });
    });
    // What it has said last may be heard after its end.
    const silent = new Promise<void>((resolve) => this.#child.once('disconnect', () => resolve()));
    this.#gone = Promise.all([ended, silent]).then(() => undefined);
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** Resolves when the process has ended and everything it has said is heard. */
  get gone(): Promise<void> {
    return this.#gone;
  }

  /** Starts the work, and resolves when it is under way. */
  async begin(plan: WorkPlan, listener: CrewListener): Promise<void> {
    this.#listener = listener;
    await this.#order({ type: 'begin', plan }, 'begun');
  }

  /** Resolves when everything the worker has seen so far has been heard. */
  async flush(): Promise<void> {
    this.#flushes += 1;
    const id = this.#flushes;
    await this.#order({ type: 'flush', id }, `flushed ${id}`);
  }

  /** Ends the work, and resolves when every read and write under way has returned. */
  async end(): Promise<void> {
    await this.#order({ type: 'end' }, 'ended');
    this.#listener = undefined;
  }

  /** Stops the process as SIGSTOP does. */
  pause(): void {
    this.#isStopped = true;
    this.#child.kill('SIGSTOP');
  }

  /** Lets it go on. */
  resume(): void {
    this.#isStopped = false;
    this.#child.kill('SIGCONT');
  }

  get isAnswering(): boolean {
    return !this.#isStopped && !this.#isGone;
  }

  async kill9(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#gone;
  }

  async #order(order: Order, awaited: string): Promise<void> {
    if (this.#isGone) return;
    const heard = new Promise<void>((resolve) => this.#awaited.set(awaited, resolve));
    // One that has just died is no failure: its end is heard below.
    this.#child.send(order, () => undefined);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`A worker did not do in time: ${awaited}.`)), TIMEOUT_MS);
    });
    try {
      await Promise.race([heard, this.#gone, late]);
    } finally {
      clearTimeout(timer);
      this.#awaited.delete(awaited);
    }
  }

  #hear(notice: Notice): void {
    switch (notice.type) {
      case 'batch':
        this.#listener?.batch(notice);
        return;
      case 'dying':
        this.#listener?.dying(notice.records);
        return;
      case 'problem':
        this.#listener?.problem(notice.text);
        return;
      case 'flushed':
        this.#awaited.get(`flushed ${notice.id}`)?.();
        return;
      default:
        this.#awaited.get(notice.type)?.();
    }
  }
}
