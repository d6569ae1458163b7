import type { ClockMirror } from '../../freshness/clock-mirror.ts';

/**
 * Is what an answer of the server proves of a mirror: that it knows every invalidation from before the question. This counts
 * for as long as the mirror has not begun anew: it may do so at an older answer, and then knows less.
 */
export class ClockProof {
  readonly #mirror: ClockMirror;
  readonly #life: number;
  readonly #rest: ClockProof | undefined;

  /** @param rest is a proof that has to stand, too, such as that of a session's clock */
  constructor(mirror: ClockMirror, rest?: ClockProof) {
    this.#mirror = mirror;
    this.#life = mirror.life;
    this.#rest = rest;
  }

  /** Tells whether the proof still counts. */
  get stands(): boolean {
    return this.#mirror.life === this.#life && (this.#rest?.stands ?? true);
  }
}
