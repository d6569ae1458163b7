/** Is what a ranking has kept. */
export interface Ranked<Entry> {
  readonly entry: Entry;
  readonly score: number | undefined;
}

/**
 * Keeps the best of what is added: those with the highest scores first, then those without a score; of equal ones, the
 * earlier first.
 */
export class Ranking<Entry> {
  readonly #count: number;
  #scored: { readonly entry: Entry; readonly score: number }[] = [];
  readonly #unscored: Ranked<Entry>[] = [];

  /** @param count is how many are kept */
  constructor(count: number) {
    this.#count = count;
  }

  add(entry: Entry, score: number | undefined): void {
    if (score === undefined) {
      if (this.#unscored.length < this.#count) this.#unscored.push({ entry, score });
      return;
    }
    this.#scored.push({ entry, score });
    // Now and then is enough: so each entry costs little, and memory stays bounded.
    if (this.#scored.length >= 2 * this.#count + SLACK) this.#cut();
  }

  /** Returns the best ones, as many as are kept at most. */
  best(): readonly Ranked<Entry>[] {
    this.#cut();
    return [...this.#scored, ...this.#unscored].slice(0, this.#count);
  }

  #cut(): void {
    this.#scored = this.#scored.toSorted((a, b) => b.score - a.score).slice(0, this.#count);
  }
}

const SLACK = 1_000;
