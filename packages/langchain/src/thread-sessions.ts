import { InvalidOptionError, type Session, type SessionOptions, type ToolCache } from '@keepstep/core';

import type { CountedCalls } from './counted-calls.ts';
import type { LoopAnswer } from './loop-note.ts';

/** Is the session of a thread, and what is known about loops in it. */
export interface Thread {
  readonly session: Session;
  /** Is how a loop is answered at the moment. */
  answer: LoopAnswer | undefined;
  /** Keeps the counters where the messages are, where they are what a checkpoint holds. */
  counted?: CountedCalls;
}

/** Keeps the sessions of the threads that an agent works on, as many as may be open at once. */
export class ThreadSessions {
  readonly #cache: ToolCache;
  readonly #limit: number;
  readonly #open = new Map<string, Thread>();

  /**
   * @param limit is how many sessions stay open; the one that was used least recently ends for one more
   * @throws InvalidOptionError for a limit that is none
   */
  constructor(cache: ToolCache, limit: number) {
    const isLimit = Number.isInteger(limit) && limit > 0;
    if (!isLimit) throw new InvalidOptionError('maxSessions', limit, 'a whole number from 1');
    this.#cache = cache;
    this.#limit = limit;
  }

  /** Returns the thread with the id where its session is open here. */
  find(id: string): Thread | undefined {
    const thread = this.#open.get(id);
    return thread?.session.ended === true ? undefined : thread;
  }

  /** Returns the thread with the id, and opens a session for it where none is open. */
  open(id: string, options: () => SessionOptions): Thread {
    const thread = this.find(id) ?? { session: this.#cache.openSession({ ...options(), id }), answer: undefined };
    this.#open.delete(id);
    this.#open.set(id, thread);
    if (this.#open.size > this.#limit) this.#endOldest();
    return thread;
  }

  /** Ends the session of the thread with the id where one is open here. */
  end(id: string): void {
    const thread = this.find(id);
    this.#open.delete(id);
    // What a store cannot drop now expires by its ttl.
    thread?.session.end().catch(() => undefined);
  }

  #endOldest(): void {
    const [oldest] = this.#open.keys();
    if (oldest !== undefined) this.end(oldest);
  }
}
