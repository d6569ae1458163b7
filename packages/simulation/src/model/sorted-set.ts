/** Is a member of a sorted set and its score. */
export interface ScoredMember {
  readonly member: string;
  readonly score: number;
}

/** Keeps members in the order of their scores, and of their bytes where scores are equal. */
export class SortedSet {
  readonly #scores = new Map<string, number>();
  readonly #order: ScoredMember[] = [];

  /** Counts the members. */
  get size(): number {
    return this.#scores.size;
  }

  /** Lists the members in order; not to be changed. */
  get order(): readonly ScoredMember[] {
    return this.#order;
  }

  /** Returns the score of a member. */
  score(member: string): number | undefined {
    return this.#scores.get(member);
  }

  /** Sets the score of a member. */
  set(member: string, score: number): void {
    const old = this.#scores.get(member);
    if (old === score) return;
    if (old !== undefined) this.#order.splice(this.#position(member, old), 1);
    this.#scores.set(member, score);
    this.#order.splice(this.#position(member, score), 0, { member, score });
  }

  /** Removes a member, and tells whether it was there. */
  delete(member: string): boolean {
    const old = this.#scores.get(member);
    if (old === undefined) return false;
    this.#order.splice(this.#position(member, old), 1);
    return this.#scores.delete(member);
  }

  /** Returns the position of the first member with at least this score. */
  firstFrom(score: number): number {
    return this.#position('', score);
  }

  /** Returns a set of its own with the same members. */
  copy(): SortedSet {
    const copy = new SortedSet();
    for (const each of this.#order) {
      copy.#scores.set(each.member, each.score);
      copy.#order.push(each);
    }
    return copy;
  }

  #position(member: string, score: number): number {
    let low = 0;
    let high = this.#order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#order[middle] as ScoredMember;
      if (other.score < score || (other.score === score && other.member < member)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
