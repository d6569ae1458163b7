/** Is a process as far as its sessions go. */
export interface SessionOwner {
  /** Counts the failures of the store that leave it open whether others were told. */
  readonly unacknowledged: number;
}

/**
 * Knows whose end of a session is the end for everybody: that of a process which has joined the opening that counts, whose
 * end was acknowledged, and which the store has not lost meanwhile.
 */
export class SessionOpenings {
  readonly #upheavals: () => number;
  readonly #ends = new Map<string, { begun: number; underWay: number }>();

  constructor(upheavals: () => number) {
    this.#upheavals = upheavals;
  }

  /** Notes that a process opens a session, or joins it. */
  opened(id: string, owner: SessionOwner): () => () => boolean {
    const ends = this.#ends.get(id) ?? { begun: 0, underWay: 0 };
    this.#ends.set(id, ends);
    const { begun, underWay } = ends;
    const { unacknowledged } = owner;
    const upheavals = this.#upheavals();
    return () => {
      const isOfThisOpening = underWay === 0 && ends.begun === begun;
      ends.begun += 1;
      ends.underWay += 1;
      return () => {
        ends.underWay -= 1;
        return isOfThisOpening && owner.unacknowledged === unacknowledged && this.#upheavals() === upheavals;
      };
    };
  }
}
