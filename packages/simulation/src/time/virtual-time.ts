import { AsyncResource } from 'node:async_hooks';

import { EventQueue } from './event-queue.ts';

/** Is when every simulation begins: a moment like any other, in milliseconds since the epoch. */
export const BEGINNING = Date.UTC(2030, 0, 1);

/**
 * Is the time of a simulation: it stands still while anything runs, and then jumps to the next event. Timers and messages
 * wait in one queue, so that their order is decided in one place.
 */
export class VirtualTime {
  readonly #queue = new EventQueue();
  readonly #nextTurn: (callback: () => void) => void;
  #immediates: (() => void)[] = [];
  #now = BEGINNING;
  #count = 0;
  #steps = 0;

  /** @param nextTurn runs a callback once Node has nothing left to do: its own `setImmediate` */
  constructor(nextTurn: (callback: () => void) => void) {
    this.#nextTurn = nextTurn;
  }

  /** Is the time in milliseconds since the epoch. */
  get now(): number {
    return this.#now;
  }

  /** Counts the events so far. */
  get steps(): number {
    return this.#steps;
  }

  /** Returns a moment of its own for each call: later calls are later, also within a millisecond. */
  moment(): number {
    this.#count = (this.#count + 1) % 1_000_000_000;
    return this.#now - BEGINNING + this.#count / 1e9;
  }

  /**
   * Runs a callback after a delay, in the asynchronous context of now; the returned function cancels it.
   *
   * @param delayMs may have a fraction
   */
  after(delayMs: number, callback: () => void): () => void {
    const event = { at: this.#now + Math.max(0, delayMs), run: AsyncResource.bind(callback), isCancelled: false };
    this.#queue.push(event);
    return () => (event.isCancelled = true);
  }

  /** Runs a callback at a delay that is over when the time has come, whoever scheduled it: for the world itself. */
  schedule(delayMs: number, callback: () => void): void {
    this.#queue.push({ at: this.#now + Math.max(0, delayMs), run: callback, isCancelled: false });
  }

  /** Runs a callback before the time moves on; the returned function cancels it. */
  soon(callback: () => void): () => void {
    let isCancelled = false;
    const bound = AsyncResource.bind(callback);
    this.#immediates.push(() => {
      if (!isCancelled) bound();
    });
    return () => (isCancelled = true);
  }

  /**
   * Lets time pass until a condition holds.
   *
   * @returns whether it holds; otherwise nothing is left that could ever happen, or `limitMs` have passed
   */
  async passUntil(isDone: () => boolean, limitMs = Infinity): Promise<boolean> {
    const end = this.#now + limitMs;
    for (;;) {
      await this.#settle();
      if (isDone()) return true;
      const event = this.#queue.pop();
      if (event === undefined) return false;
      if (event.at > end) {
        this.#queue.push(event);
        this.#now = end;
        return false;
      }
      this.#now = Math.max(this.#now, event.at);
      this.#steps += 1;
      event.run();
    }
  }

  /** Lets all that can go on at this moment go on. */
  async #settle(): Promise<void> {
    for (;;) {
      await new Promise<void>((resolve) => this.#nextTurn(resolve));
      if (this.#immediates.length === 0) return;
      const due = this.#immediates;
      this.#immediates = [];
      for (const run of due) run();
    }
  }
}
