/** Is what a clock that lives elsewhere says when it is asked. */
export interface ClockReading {
  /** Tells this clock from the one before it: whatever was stored under another epoch is dead. */
  readonly epoch: string;
  /** Is the number of the last invalidation; undefined when it has not moved since the number that was asked about. */
  readonly seq?: number | undefined;
  /** Is the seq below which everything is dead; undefined when it has not moved. */
  readonly floor?: number | undefined;
  /** Is the seq below which copies are dead, but not what the store itself holds; undefined when it has not moved. */
  readonly copyFloor?: number | undefined;
  /** Lists the tags that were invalidated since, each with its score. */
  readonly moved: Iterable<readonly [tag: string, score: number]>;
}

/** Is what the mirror must know of a copy to judge it. */
export interface Stamped {
  readonly epoch: string;
  /** Is a seq at which the store said that the copy was valid. */
  readonly seq: number;
  readonly tags: readonly string[];
}

/** Is above every seq: the score of a tag behind a write barrier is this plus the deadline. */
export const BARRIER = 1e15;

/**
 * Mirrors a tag clock that lives outside the process, so that copies in the process are judged without asking for each.
 *
 * It knows every invalidation between `base` and `applied`, and judges only copies that were known to be valid at a seq in
 * that range. What it cannot judge is not served. The scores come in any order, since messages may overtake replies: a
 * score only grows, except that of an open barrier, which gives way to the invalidation that ends it.
 */
export class ClockMirror {
  readonly #tags = new Map<string, number>();
  /** Holds the seq at which this process opened a barrier that is still noted: only what comes later can end it. */
  readonly #opened = new Map<string, number>();
  readonly #onReset: (epoch: string) => void;
  #epoch: string | undefined;
  #life = 0;
  #base = 0;
  #applied = 0;
  #floor = 0;
  #copyFloor = 0;

  /** @param onReset is called when nothing that was copied under an epoch can be judged any more */
  constructor(onReset: (epoch: string) => void) {
    this.#onReset = onReset;
  }

  /** Is the epoch of the clock; undefined until it is known, and when the clock is gone. */
  get epoch(): string | undefined {
    return this.#epoch;
  }

  /**
   * Counts how often the mirror has begun anew. An answer to a question from before that says nothing about it: what
   * the answer lists begins where another mirror ended, and leaves out what came before. Nor does an answer that was taken
   * in before: what it has told is forgotten.
   */
  get life(): number {
    return this.#life;
  }

  /** Is the seq up to which every invalidation is known. */
  get applied(): number {
    return this.#applied;
  }

  /** Tells whether a copy is valid, as far as the last reading goes. */
  valid(copy: Stamped): boolean {
    const { epoch, seq, tags } = copy;
    if (epoch !== this.#epoch || seq < this.#base || seq < this.#floor || seq < this.#copyFloor) return false;
    for (let index = 0; index < tags.length; index += 1) {
      const score = this.#tags.get(tags[index] as string);
      if (score !== undefined && score > seq) return false;
    }
    return true;
  }

  /** Tells whether a copy that was valid at this point can be judged at all. */
  covers(epoch: string, seq: number): boolean {
    return epoch === this.#epoch && seq >= this.#base;
  }

  /**
   * Takes in what the clock said.
   *
   * @param sentApplied is `applied` as it was when the clock was asked: later messages may have moved it since, and a
   *   clock that is behind it has lost something
   * @returns whether all that is known still counts; otherwise the clock is to be asked anew
   */
  read({ epoch, seq, floor, copyFloor, moved }: ClockReading, sentApplied: number): boolean {
    if (epoch !== this.#epoch || (seq !== undefined && seq < sentApplied)) {
      this.reset();
      return false;
    }
    for (const [tag, score] of moved) this.#note(tag, score);
    if (seq !== undefined) this.#applied = Math.max(this.#applied, seq);
    if (floor !== undefined) this.#floor = Math.max(this.#floor, floor);
    if (copyFloor !== undefined) this.#copyFloor = Math.max(this.#copyFloor, copyFloor);
    if (this.#tags.size > MAX_TAGS) this.start(epoch, this.#applied, this.#floor);
    return true;
  }

  /** Takes note of an invalidation that this process has made itself: it counts at once, before anybody is told of it. */
  invalidated(epoch: string, seq: number, tags: readonly string[]): void {
    if (!this.#isCurrent(epoch)) return;
    for (const tag of tags) this.#note(tag, seq);
  }

  /** Takes note of a barrier that this process has opened itself. */
  heldUp(epoch: string, seq: number, tags: readonly string[], deadline: number): void {
    if (!this.#isCurrent(epoch)) return;
    for (const tag of tags) {
      this.#note(tag, BARRIER + deadline);
      this.#opened.set(tag, seq);
    }
  }

  /** Takes note that everything stamped below a seq is dead. */
  cleared(epoch: string, seq: number): void {
    if (this.#isCurrent(epoch)) this.#floor = Math.max(this.#floor, seq);
  }

  /** Takes in a message about one invalidation. Only the next one in line moves `applied`: another may have been lost before it. */
  pushed(epoch: string, seq: number, tags: readonly string[], score: number): void {
    if (epoch !== this.#epoch || seq !== this.#applied + 1) return;
    this.#applied = seq;
    for (const tag of tags) this.#note(tag, score);
  }

  /** Begins to mirror a clock at a point: only copies from now on can be judged. */
  start(epoch: string, seq: number, floor: number): void {
    this.reset();
    this.#epoch = epoch;
    this.#base = seq;
    this.#applied = seq;
    this.#floor = floor;
  }

  /** Forgets everything: the clock is gone, or another one. */
  reset(): void {
    const lost = this.#epoch;
    this.#life += 1;
    this.#tags.clear();
    this.#opened.clear();
    this.#epoch = undefined;
    this.#base = 0;
    this.#applied = 0;
    this.#floor = 0;
    this.#copyFloor = 0;
    if (lost !== undefined) this.#onReset(lost);
  }

  /** Another clock has taken the place of the one that is mirrored: what was copied under that one is dead. */
  #isCurrent(epoch: string): boolean {
    if (epoch !== this.#epoch) this.reset();
    return epoch === this.#epoch;
  }

  #note(tag: string, score: number): void {
    const known = this.#tags.get(tag) ?? 0;
    if (score <= known && (known < BARRIER || score <= (this.#opened.get(tag) ?? 0))) return;
    this.#tags.set(tag, score);
    this.#opened.delete(tag);
  }
}

/** Is how many tags are mirrored before the mirror starts anew, which costs the copies made so far. */
const MAX_TAGS = 50_000;
