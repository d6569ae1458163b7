import type { InputReel } from '../measure/stopwatch.ts';
import { argumentOf, type Argument } from './argument.ts';

/** Hands out calls that nobody has made before. */
export class NewCallReel implements InputReel<Argument> {
  /** Is how many there were. */
  handedOut = 0;

  next(): Argument {
    this.handedOut += 1;
    return argumentOf('text', this.handedOut);
  }
}
