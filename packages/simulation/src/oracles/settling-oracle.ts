interface Pending {
  readonly what: string;
  readonly process: string;
  readonly since: number;
}

/** Watches that everything that was begun comes to an end, and in time. */
export class SettlingOracle {
  readonly #now: () => number;
  readonly #limitMs: number;
  readonly #pending = new Set<Pending>();
  readonly #late: string[] = [];
  #count = 0;
  #longestMs = 0;

  /** @param limitMs is the longest that anything may take, in milliseconds of virtual time */
  constructor(now: () => number, limitMs: number) {
    this.#now = now;
    this.#limitMs = limitMs;
  }

  /** Counts what was begun. */
  get count(): number {
    return this.#count;
  }

  /** Is the longest that anything has taken so far, in milliseconds of virtual time. */
  get longestMs(): number {
    return this.#longestMs;
  }

  /** Lists what has taken too long. */
  get late(): readonly string[] {
    return this.#late;
  }

  /** Lists what has not come to an end yet. */
  get unsettled(): string[] {
    return [...this.#pending].map(({ process, what }) => `${process}: ${what}`);
  }

  /** Watches a piece of work. */
  async watch<R>(process: string, what: string, run: () => Promise<R>): Promise<R> {
    const pending = { what, process, since: this.#now() };
    this.#pending.add(pending);
    this.#count += 1;
    try {
      return await run();
    } finally {
      if (this.#pending.delete(pending)) this.#over(pending);
    }
  }

  /** Forgets a process that has died: nobody is left to whom it could answer. */
  forget(process: string): void {
    for (const pending of this.#pending) if (pending.process === process) this.#pending.delete(pending);
  }

  #over({ what, process, since }: Pending): void {
    const tookMs = this.#now() - since;
    this.#longestMs = Math.max(this.#longestMs, tookMs);
    if (tookMs > this.#limitMs) this.#late.push(`${process}: ${what} took ${Math.round(tookMs)} ms`);
  }
}
