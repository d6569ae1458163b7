import type { MadeCall, MadeCalls } from './made-calls.ts';

/** Counts the calls of a run anew, and forgets those that were counted. */
export type Recount = (steps: MadeCalls['before']) => Promise<void>;

/**
 * Keeps the loop counters of a thread where its messages are.
 *
 * Messages are what a checkpoint holds. As long as they go on from where the counters are, there is nothing to do. Where
 * they do not, in another process, after a fork or a jump back, the counters are made from them. Messages that lack only the
 * beginning were trimmed: then the counters know more, and stay.
 */
export class CountedCalls {
  readonly #recount: Recount;
  /** Lists the calls that the messages hold, of the steps before this one. */
  #seen: readonly string[] = [];
  /** Lists those that the counters hold: the same, and what was trimmed. */
  #counted: readonly string[] = [];
  #step: readonly string[] = [];
  #begun = new Set<string>();
  #ready: Promise<void> = Promise.resolve();

  constructor(recount: Recount) {
    this.#recount = recount;
  }

  /** Notes a call that is about to be counted, and waits until the counters are where they were before its step. */
  begin(id: string, { before, step }: MadeCalls): Promise<void> {
    const seen = before.flat().map((call: MadeCall) => call.id);
    const isSameStep = isEqual(seen, this.#seen) && isEqual(step, this.#step);
    // A call that begins again, after an interrupt for one, was counted; its step begins again with it.
    if (isSameStep && !this.#begun.has(id)) {
      this.#begun.add(id);
      return this.#ready;
    }
    const counted = isSameStep ? [] : [...this.#counted, ...this.#step.filter((each) => this.#begun.has(each))];
    const goesOn = !isSameStep && (isEqual(seen, counted) || isTail(seen, counted));
    this.#seen = seen;
    this.#counted = goesOn ? counted : seen;
    this.#step = step;
    this.#begun = new Set([id]);
    // Counters that cannot be made keep no tool from running.
    if (!goesOn) this.#ready = this.#ready.then(() => this.#recount(before)).catch(() => undefined);
    return this.#ready;
  }
}

function isEqual(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, place) => id === other[place]);
}

function isTail(tail: readonly string[], whole: readonly string[]): boolean {
  return tail.length > 0 && tail.length < whole.length && isEqual(tail, whole.slice(-tail.length));
}
