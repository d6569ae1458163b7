import type { InputReel } from '../measure/stopwatch.ts';
import { argumentOf, type Argument, type ArgumentForm } from './argument.ts';

/** Is how many different calls there are: as many as an agent's run makes, and few enough for every cache's default. */
const DISTINCT_CALLS = 512;

const LENGTH = 8192;
const SEED = 20_261_121;

/**
 * Hands out calls in an order that does not repeat itself soon, and the same one to every contender.
 *
 * A rotation through the calls would be one long cycle; in a random order loop detection meets what it meets on a run that
 * is no loop. The seed is one for which it finds none.
 */
export class CallReel implements InputReel<Argument> {
  /** Lists each call once. */
  readonly distinct: readonly Argument[];
  readonly #order: readonly Argument[];
  #next = 0;

  constructor(form: ArgumentForm) {
    this.distinct = Array.from({ length: DISTINCT_CALLS }, (_, number) => argumentOf(form, number));
    this.#order = callOrder().map((number) => this.distinct[number] as Argument);
  }

  next(): Argument {
    const argument = this.#order[this.#next] as Argument;
    this.#next = (this.#next + 1) % LENGTH;
    return argument;
  }
}

/** Returns the numbers of the calls, in order. */
function callOrder(): number[] {
  const random = mulberry32(SEED);
  return Array.from({ length: LENGTH }, () => Math.floor(random() * DISTINCT_CALLS));
}

/** Returns a generator of numbers from 0 to 1 that is the same for the same seed (Tommy Ettinger's Mulberry32). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
