/** Is what SIEVE needs to know about each entry. */
export interface SieveNode<Node> {
  readonly bytes: number;
  visited: boolean;
  newer: Node | undefined;
  older: Node | undefined;
}

/**
 * Keeps entries within bounds of number and size, and decides by SIEVE (Zhang et al., NSDI 2024) which of them has to
 * go: a hand walks from the oldest entry to the newest, spares each visited one once, and takes the first that nobody
 * has read since.
 *
 * A hit only sets a bit, where LRU would move the entry; and what is read once cannot push out what is read often, which
 * is the usual shape of an agent's calls.
 */
export class Sieve<Node extends SieveNode<Node>> {
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  readonly #onEvict: (node: Node) => void;
  #newest: Node | undefined;
  #oldest: Node | undefined;
  #hand: Node | undefined;
  #size = 0;
  #bytes = 0;

  /** @param onEvict is called with each entry that had to go */
  constructor(maxEntries: number, maxBytes: number, onEvict: (node: Node) => void) {
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
    this.#onEvict = onEvict;
  }

  get size(): number {
    return this.#size;
  }

  /** Tells whether an entry of this size could be kept at all. */
  admits(bytes: number): boolean {
    return this.#maxEntries > 0 && bytes <= this.#maxBytes;
  }

  /** Adds an entry as the newest, after others have made room for it. */
  add(node: Node): void {
    while (this.#size > 0 && (this.#size >= this.#maxEntries || this.#bytes + node.bytes > this.#maxBytes)) {
      this.#evict();
    }
    node.older = this.#newest;
    if (this.#newest !== undefined) this.#newest.newer = node;
    this.#newest = node;
    this.#oldest ??= node;
    this.#size += 1;
    this.#bytes += node.bytes;
  }

  remove(node: Node): void {
    if (this.#hand === node) this.#hand = node.newer;
    if (node.newer === undefined) this.#newest = node.older;
    else node.newer.older = node.older;
    if (node.older === undefined) this.#oldest = node.newer;
    else node.older.newer = node.newer;
    node.newer = undefined;
    node.older = undefined;
    this.#size -= 1;
    this.#bytes -= node.bytes;
  }

  /** Lists the entries from the oldest to the newest; the one just listed may be removed. */
  *nodes(): Generator<Node, void, undefined> {
    for (let node = this.#oldest; node !== undefined;) {
      const { newer }: { newer: Node | undefined } = node;
      yield node;
      node = newer;
    }
  }

  #evict(): void {
    let node = (this.#hand ?? this.#oldest) as Node;
    while (node.visited) {
      node.visited = false;
      node = (node.newer ?? this.#oldest) as Node;
    }
    this.#hand = node.newer;
    this.remove(node);
    this.#onEvict(node);
  }
}
