import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Metrics, ToolOutcome } from '@keepstep/core';
import { RetailToolError, type Invalidation, type ReplayCache } from '@keepstep/scenario-kit';
import { seededRandom } from '@keepstep/core/testing';

import { TOOL_FAILURE, type RetailNotice, type RetailOrder } from './retail-messages.ts';

const PROGRAM = join(import.meta.dirname, 'retail-process.ts');
const COUNTED = ['hits', 'misses', 'coalesced', 'superseded', 'bypassed'] as const;

interface Waiting {
  readonly execute: () => Promise<unknown>;
  readonly answer: PromiseWithResolvers<ToolOutcome>;
}

/** Stands for one cache, and hands each call to one of several processes, drawn at random, which all have the same store. */
export class RetailProcesses implements AsyncDisposable {
  readonly #children: readonly ChildProcess[];
  readonly #metrics = new Map<ChildProcess, Metrics>();
  readonly #waiting = new Map<number, Waiting>();
  readonly #random: () => number;
  #calls = 0;

  constructor(size: number, seed: number) {
    this.#random = seededRandom(seed);
    this.#children = Array.from({ length: size }, () =>
      fork(PROGRAM, { execArgv: ['--conditions=keepstep-source'], serialization: 'advanced' }),
    );
    for (const child of this.#children) child.on('message', (notice: RetailNotice) => this.#hear(child, notice));
  }

  /** Lets every process open a cache of its own. */
  async open(url: string, namespace: string, invalidation: Invalidation): Promise<void> {
    this.#metrics.clear();
    const opened = this.#children.map(
      (child) => new Promise((resolve) => child.once('message', resolve)), // nothing else is under way
    );
    for (const child of this.#children) order(child, { type: 'open', url, namespace, invalidation });
    await Promise.all(opened);
  }

  /** Is the cache that all of them are. */
  readonly cache: ReplayCache = {
    call: (call, policy, execute) => {
      this.#calls += 1;
      const id = this.#calls;
      const answer = Promise.withResolvers<ToolOutcome>();
      const { signal } = new AbortController();
      this.#waiting.set(id, { execute: async () => execute({ signal }), answer });
      const kind = policy.kind === 'read' ? 'read' : 'write';
      const child = this.#children[Math.floor(this.#random() * this.#children.length)] as ChildProcess;
      order(child, { type: 'call', id, kind, call });
      return answer.promise as never;
    },
    metrics: () => {
      const sum = Object.fromEntries(COUNTED.map((name) => [name, 0]));
      for (const own of this.#metrics.values())
        for (const name of COUNTED) sum[name] = (sum[name] as number) + own[name];
      return sum as unknown as Metrics;
    },
  };

  /** Counts the processes that have answered a call. */
  get busy(): number {
    return this.#metrics.size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
  }

  #hear(child: ChildProcess, notice: RetailNotice): void {
    if (notice.type === 'opened') return;
    const waiting = this.#waiting.get(notice.id) as Waiting;
    if (notice.type === 'execute') {
      waiting.execute().then(
        (value) => order(child, { type: 'executed', id: notice.id, value, hasFailed: false }),
        () => order(child, { type: 'executed', id: notice.id, hasFailed: true }),
      );
      return;
    }
    this.#metrics.set(child, notice.metrics);
    this.#waiting.delete(notice.id);
    if (notice.failure === TOOL_FAILURE) waiting.answer.reject(new RetailToolError(notice.failure));
    else if (notice.failure !== undefined) waiting.answer.reject(new Error(notice.failure));
    else waiting.answer.resolve({ status: notice.status, value: notice.value } as ToolOutcome);
  }
}

function order(child: ChildProcess, message: RetailOrder): void {
  child.send(message);
}
