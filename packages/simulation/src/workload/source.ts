/** Names one thing that tools read and change. */
export type Item = string;

/** Is the data behind the cache: a version for each item, which only grows. */
export class Source {
  readonly #versions = new Map<Item, number>();

  /** Returns the version of an item now. */
  read(item: Item): number {
    return this.#versions.get(item) ?? 0;
  }

  /** Changes an item, and returns its new version. */
  change(item: Item): number {
    const version = this.read(item) + 1;
    this.#versions.set(item, version);
    return version;
  }
}
