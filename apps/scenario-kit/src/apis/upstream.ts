import type { Clock } from '@keepstep/core';

import { sleep } from '../time/sleep.ts';

/**
 * Is the far end of a simulated API: it takes its time, and counts every request that arrives, answered or not.
 *
 * Its numbers are the proof of a sample: what the cache says it saved must be missing here.
 */
export class Upstream {
  readonly name: string;
  readonly #clock: Clock;
  readonly #requests = new Map<string, number>();

  constructor(name: string, clock: Clock) {
    this.name = name;
    this.#clock = clock;
  }

  /** Answers one request after its latency. What it hands out is a copy, like everything that comes over a wire. */
  async request<R>(operation: string, latencyMs: number, answer: () => R): Promise<R> {
    this.#requests.set(operation, this.requestsOf(operation) + 1);
    await sleep(this.#clock, latencyMs);
    return structuredClone(answer());
  }

  /** Counts the requests for one operation. */
  requestsOf(operation: string): number {
    return this.#requests.get(operation) ?? 0;
  }

  /** Counts all requests. */
  get total(): number {
    return [...this.#requests.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Counts the requests by operation. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#requests);
  }
}
