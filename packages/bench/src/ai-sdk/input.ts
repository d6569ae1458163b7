import type { InputReel } from '../measure/stopwatch.ts';
import { CallReel } from '../near-cache/call-reel.ts';

/** Is the input of a tool, as a model writes it: every call has an object of its own. */
export interface Input {
  readonly userId: string;
}

/** Hands out calls that are in the cache. */
export class KnownInputs implements InputReel<Input> {
  readonly #reel = new CallReel('text');

  /** Lists each call once. */
  get distinct(): Input[] {
    return this.#reel.distinct.map((userId) => ({ userId: userId as string }));
  }

  next(): Input {
    return { userId: this.#reel.next() as string };
  }
}

/** Hands out calls that nobody has made before. */
export class NewInputs implements InputReel<Input> {
  /** Is how many there were. */
  handedOut = 0;

  next(): Input {
    this.handedOut += 1;
    return { userId: `user_${this.handedOut}` };
  }
}
